/** Saves a file the page holds in memory, as a click on a download link does. */
export function saveFile(content: Blob, fileName: string): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
  // The download has its own reference once it started; a minute is ample for it to start.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}

/** `talk.final.mp3` → `talk.final`. */
export function stemOf(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, "") || fileName;
}
