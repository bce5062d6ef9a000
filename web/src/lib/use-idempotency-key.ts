import { useRef } from "react";
import { createIdentifier } from "./identifiers";

/**
 * One key for each different wish: when the answer to it was lost, sending the same again makes
 * nothing twice.
 */
export function useIdempotencyKey(): (wish: object) => string {
  const last = useRef({ wish: "", key: "" });
  return (wish) => {
    const text = JSON.stringify(wish);
    if (last.current.wish !== text) last.current = { wish: text, key: createIdentifier() };
    return last.current.key;
  };
}
