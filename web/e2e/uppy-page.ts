import Uppy from "@uppy/core";
import Tus from "@uppy/tus";

declare global {
  interface Window {
    sentBytes: number;
    /** Sends so many random bytes; gives the path of the upload. */
    sendWithUppy: (token: string, size: number, delays: readonly number[]) => Promise<string>;
  }
}

const RANDOM_BYTES = 65_536;

window.sentBytes = 0;
window.sendWithUppy = async (token, size, delays) => {
  const data = createNoise(size);
  const uppy = new Uppy().use(Tus, {
    endpoint: "/uploads/tus",
    headers: { Authorization: `Bearer ${token}` },
    chunkSize: 5 * 1024 ** 2,
    retryDelays: [...delays],
  });
  uppy.on("upload-progress", (_file, progress) => {
    window.sentBytes = progress.bytesUploaded || 0;
  });
  const digest = await crypto.subtle.digest("SHA-256", await data.arrayBuffer());
  uppy.addFile({
    name: "noise.bin",
    type: "application/octet-stream",
    data,
    meta: { filename: "noise.bin", sha256: toHex(digest) },
  });
  const result = await uppy.upload();
  const sent = result?.successful?.[0];
  if (!sent?.uploadURL) {
    throw new Error(result?.failed?.[0]?.error ?? "Uppy gave no address.");
  }
  return new URL(sent.uploadURL, location.href).pathname;
};

/** The browser gives at most 64 KiB of random bytes at a time. */
function createNoise(size: number): Blob {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (let start = 0; start < size; start += RANDOM_BYTES) {
    pieces.push(crypto.getRandomValues(new Uint8Array(Math.min(RANDOM_BYTES, size - start))));
  }
  return new Blob(pieces);
}

function toHex(digest: ArrayBuffer): string {
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
