/**
 * Links that carry a secret.  It stands behind the `#`, which no browser sends: neither a log nor a
 * proxy nor the next site ever sees it.
 */
interface Kinds {
  "/sign-up": "invitation";
  "/reset": "token";
}

export function buildTokenLink<Page extends keyof Kinds>(
  page: Page,
  name: Kinds[Page],
  token: string,
): string {
  const link = new URL(page, window.location.origin);
  link.hash = new URLSearchParams({ [name]: token }).toString();
  return link.href;
}

/** The secret behind the `#` of an address, with or without the address. */
export function readToken(address: string, name: Kinds[keyof Kinds]): string | undefined {
  const fragment = address.slice(address.indexOf("#") + 1);
  const token = new URLSearchParams(fragment).get(name);
  return token === null || token === "" ? undefined : token;
}
