import { gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";

const INITIAL_BUDGET_BYTES = 200_000;

/** Prints what the browser downloads before the first screen and fails the build over the budget. */
export function reportSizes(): Plugin {
  return {
    name: "report-sizes",
    apply: "build",
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((output) => output.type === "chunk");
      const entry = chunks.find((chunk) => chunk.isEntry);
      if (!entry) throw new Error("The build has no entry.");
      const bytes = sum(reachable(entry, chunks));
      this.info(`initial JavaScript: ${(bytes / 1000).toFixed(0)} kB compressed`);
      for (const chunk of chunks.filter((each) => each.isDynamicEntry)) {
        this.info(`  ${chunk.name}: ${(sum([chunk]) / 1000).toFixed(1)} kB compressed`);
      }
      if (bytes > INITIAL_BUDGET_BYTES) {
        this.error(`Initial JavaScript is ${bytes} bytes; the budget is ${INITIAL_BUDGET_BYTES}.`);
      }
    },
  };
}

function reachable(entry: Rollup.OutputChunk, chunks: Rollup.OutputChunk[]): Rollup.OutputChunk[] {
  const seen = new Set([entry]);
  for (const chunk of seen) {
    for (const name of chunk.imports) {
      const imported = chunks.find((each) => each.fileName === name);
      if (imported) seen.add(imported);
    }
  }
  return [...seen];
}

function sum(chunks: Rollup.OutputChunk[]): number {
  return chunks.reduce((total, chunk) => total + gzipSync(chunk.code).length, 0);
}
