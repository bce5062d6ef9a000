import type { RequestOptions } from "./generated/client";
import { client } from "./generated/client.gen";

type Operation = (options: never) => unknown;

type OptionsOf<Asked extends Operation> = NonNullable<Parameters<Asked>[0]>;

/** What of an operation's options its address is made of. */
type Place<Asked extends Operation> = Pick<
  OptionsOf<Asked>,
  Extract<keyof OptionsOf<Asked>, "path" | "query">
>;

/**
 * The address of a generated operation that reads, for what fetches by itself: the source of a
 * player, the target of a link.  `addressOf(readMedia, { path: { recording_id } })`
 */
export function addressOf<Asked extends Operation>(operation: Asked, place: Place<Asked>): string {
  let address: string | undefined;
  const get = (options: Pick<RequestOptions, "path" | "query" | "url">) => {
    address = client.buildUrl(options);
  };
  // Asks nobody: it is told the address, and has no method for what changes something.
  const listening = { get, head: get, sse: { get } };
  operation({ ...place, client: listening } as never);
  if (address === undefined) throw new Error("The operation asked for no address.");
  return address;
}
