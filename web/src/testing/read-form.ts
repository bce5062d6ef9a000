/**
 * The fields of a multipart body; a file is given by its name.  Node's own parser refuses the body
 * in a simulated page, where `File` is another class than Node's.
 */
export async function readForm(request: Request): Promise<Record<string, string>> {
  const boundary = /boundary=(.+)$/.exec(request.headers.get("content-type") ?? "")?.[1];
  if (!boundary) throw new Error("The request is no multipart form.");
  const fields: Record<string, string> = {};
  for (const part of (await request.text()).split(`--${boundary}`)) {
    const [head = "", value = ""] = part.split("\r\n\r\n");
    const name = / name="([^"]*)"/.exec(head)?.[1];
    if (name) fields[name] = / filename="([^"]*)"/.exec(head)?.[1] ?? value.trimEnd();
  }
  return fields;
}
