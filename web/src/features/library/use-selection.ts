import { useCallback, useEffect, useRef, useState } from "react";

export interface Selection {
  ids: ReadonlySet<string>;
  /** Chooses one or lets it go; with `isRange` all from the one before up to it. */
  toggle: (id: string, isRange: boolean) => void;
  /** Chooses all that are shown, or none where all are chosen. */
  toggleAll: () => void;
  clear: () => void;
}

/** Which of a list's rows are chosen; one that is no longer shown is not. */
export function useSelection(shown: readonly string[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const latest = useRef(shown);
  const anchor = useRef<string>(undefined);
  useEffect(() => {
    latest.current = shown;
  });
  const toggle = useCallback((id: string, isRange: boolean) => {
    const order = latest.current;
    const from = anchor.current === undefined ? -1 : order.indexOf(anchor.current);
    const to = order.indexOf(id);
    const range =
      isRange && from >= 0 ? order.slice(Math.min(from, to), Math.max(from, to) + 1) : [id];
    anchor.current = id;
    setChosen((old) => {
      const next = new Set(old);
      const isGoing = old.has(id);
      for (const each of range) {
        if (isGoing) next.delete(each);
        else next.add(each);
      }
      return next;
    });
  }, []);
  const ids = new Set(shown.filter((id) => chosen.has(id)));
  return {
    ids,
    toggle,
    toggleAll: () => {
      setChosen(ids.size === shown.length ? new Set() : new Set(shown));
    },
    clear: () => {
      setChosen(new Set());
    },
  };
}
