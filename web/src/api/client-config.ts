import type { CreateClientConfig } from "./generated/client.gen";

/** The page and its API share one origin, so that the session cookie needs no special handling. */
export const createClientConfig: CreateClientConfig = (config) => ({
  ...config,
  baseUrl: window.location.origin,
  credentials: "same-origin",
  // Looked up at each call, so that tests can answer requests.
  fetch: (...call) => globalThis.fetch(...call),
});
