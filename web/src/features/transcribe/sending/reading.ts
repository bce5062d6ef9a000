/** The file was moved, changed or taken away since it was chosen. */
export class FileUnreadableError extends Error {
  override readonly name = "FileUnreadableError";
}

/** There are bytes to send, and this browser does not have the file they are in. */
export class FileNeededError extends Error {
  override readonly name = "FileNeededError";
}

/**
 * What `Content-Digest` says of a chunk.  Browsers hash only on https; elsewhere the chunk goes
 * without, once it is sure that it can be read.
 */
export async function digestChunk(chunk: Blob): Promise<string | undefined> {
  const subtle = crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) {
    await requireReadable(chunk);
    return undefined;
  }
  const digest = await subtle.digest("SHA-256", await read(chunk));
  return `sha-256=:${btoa(String.fromCharCode(...new Uint8Array(digest)))}:`;
}

/** A request whose body cannot be read looks like a broken line, so this is asked before. */
export async function requireReadable(body: Blob): Promise<void> {
  await read(body.slice(0, 1));
}

async function read(body: Blob): Promise<ArrayBuffer> {
  try {
    return await body.arrayBuffer();
  } catch (error) {
    throw new FileUnreadableError("The file cannot be read any more.", { cause: error });
  }
}
