/** Saves a file the page holds in memory, as a click on a download link does. */
export function saveFile(content: Blob, fileName: string): void {
  const address = URL.createObjectURL(content);
  saveAddress(address, fileName);
  // The download has its own reference once it started; a minute is ample for it to start.
  setTimeout(() => {
    URL.revokeObjectURL(address);
  }, 60_000);
}

/** Has the browser download an address of the service's, without holding the file in memory. */
export function saveAddress(address: string, fileName: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = fileName;
  link.click();
}

/** `talk.final.mp3` → `talk.final`. */
export function stemOf(fileName: string): string {
  return fileName.replace(/\.[^.]+$/, "") || fileName;
}
