import { gzipSync } from "node:zlib";
import type { Plugin, Rollup } from "vite";
import { findBudget, INITIAL_BYTES } from "./size-budgets.ts";

type Chunk = Rollup.OutputChunk;

interface Part {
  name: string;
  bytes: number;
  budget: number;
}

/**
 * Prints what browsers download, and fails the build where a part is over its budget or its files
 * need each other.
 */
export function reportSizes(): Plugin {
  return {
    name: "report-sizes",
    apply: "build",
    generateBundle(_options, bundle) {
      const outputs = Object.values(bundle);
      const circle = findCircle(outputs);
      if (circle)
        this.error(`Files that need each other break as they load: ${circle.join(", ")}.`);
      const parts = measureParts(outputs);
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
  const chunks = listChunks(outputs);
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

/** The names of files that import each other, at any distance; undefined where none do. */
export function findCircle(outputs: (Chunk | Rollup.OutputAsset)[]): string[] | undefined {
  const chunks = listChunks(outputs);
  const within = [...chunks.values()].filter((chunk) =>
    chunk.imports.some((name) => {
      const imported = chunks.get(name);
      return imported !== undefined && reach(imported, chunks).has(chunk);
    }),
  );
  return within.length > 0 ? within.map(({ fileName }) => fileName) : undefined;
}

function listChunks(outputs: (Chunk | Rollup.OutputAsset)[]): Map<string, Chunk> {
  const chunks = new Map<string, Chunk>();
  for (const output of outputs) {
    if (output.type === "chunk") chunks.set(output.fileName, output);
  }
  return chunks;
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
