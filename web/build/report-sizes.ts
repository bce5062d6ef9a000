import { gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";
import { findBudget, INITIAL_BYTES } from "./size-budgets.ts";

type Chunk = Rollup.OutputChunk;

interface Part {
  name: string;
  bytes: number;
  budget: number;
}

/** Prints what browsers download, and fails the build where a part is over its budget. */
export function reportSizes(): Plugin {
  return {
    name: "report-sizes",
    apply: "build",
    generateBundle(_options, bundle) {
      const parts = measureParts(Object.values(bundle));
      for (const { name, bytes, budget } of parts) {
        this.info(`${formatSize(bytes)} of ${formatSize(budget)}  ${name}`);
      }
      const heavy = parts.filter(({ bytes, budget }) => bytes > budget);
      if (heavy.length > 0) {
        const names = heavy.map(({ name }) => name).join(", ");
        this.error(`Over the budget of build/size-budgets.ts: ${names}.`);
      }
    },
  };
}

/**
 * The compressed sizes of what the first screen needs, and of what each part that is fetched on
 * demand adds to that; the largest first.
 */
export function measureParts(outputs: (Chunk | Rollup.OutputAsset)[]): Part[] {
  const chunks = new Map<string, Chunk>();
  for (const output of outputs) {
    if (output.type === "chunk") chunks.set(output.fileName, output);
  }
  const entry = [...chunks.values()].find((chunk) => chunk.isEntry);
  if (!entry) throw new Error("The build has no entry.");
  const initial = reach(entry, chunks);
  const parts = [...chunks.values()]
    .filter((chunk) => chunk.isDynamicEntry && !initial.has(chunk))
    .map((chunk) => {
      const added = [...reach(chunk, chunks)].filter((each) => !initial.has(each));
      return {
        name: chunk.name,
        bytes: sum(added),
        budget: findBudget(chunk.facadeModuleId ?? ""),
      };
    })
    .sort((one, other) => other.bytes - one.bytes);
  return [
    { name: "initial JavaScript", bytes: sum([...initial]), budget: INITIAL_BYTES },
    ...parts,
  ];
}

/** The chunk with everything that it imports, at any distance. */
function reach(start: Chunk, chunks: Map<string, Chunk>): Set<Chunk> {
  const seen = new Set([start]);
  for (const chunk of seen) {
    for (const name of chunk.imports) {
      const imported = chunks.get(name);
      if (imported) seen.add(imported);
    }
  }
  return seen;
}

function sum(chunks: Chunk[]): number {
  return chunks.reduce((total, chunk) => total + gzipSync(chunk.code).length, 0);
}

function formatSize(bytes: number): string {
  return `${(bytes / 1000).toFixed(1).padStart(5)} kB`;
}
