import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

/** What is text; pictures and fonts are compressed by themselves. */
const KINDS = new Set([".css", ".html", ".js", ".json", ".svg", ".txt", ".webmanifest"]);

/** Below this, headers weigh more than what is saved. */
const SMALLEST_BYTES = 1_000;

/**
 * Stores each text file of the build a second and a third time, as brotli and as gzip: the service
 * sends what the browser takes, and never compresses anything itself.
 */
export function compressFiles(): Plugin {
  let directory = "";
  return {
    name: "compress-files",
    apply: "build",
    configResolved(config) {
      directory = join(config.root, config.build.outDir);
    },
    closeBundle() {
      for (const file of listTexts(directory)) {
        const content = readFileSync(file);
        const copies = { ".br": compressAsBrotli(content), ".gz": gzipSync(content, { level: 9 }) };
        for (const [suffix, copy] of Object.entries(copies)) {
          if (copy.length < content.length) writeFileSync(file + suffix, copy);
        }
      }
    },
  };
}

function listTexts(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && KINDS.has(extname(entry.name)))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).length >= SMALLEST_BYTES);
}

function compressAsBrotli(content: Buffer): Buffer {
  return brotliCompressSync(content, {
    params: {
      [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    },
  });
}
