import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { LibrarySearch } from "./library-search";

type Change = (change: Partial<LibrarySearch>, isRefinement?: boolean) => void;

/** What the library shows, and the way to show something else; a refinement leaves no way back. */
export function useLibrarySearch(): [LibrarySearch, Change] {
  const search = useSearch({ from: "/signed-in/library" });
  const navigate = useNavigate({ from: "/library" });
  const change = useCallback<Change>(
    (part, isRefinement = false) => {
      void navigate({
        to: "/library",
        search: (old) => ({ ...old, ...part }),
        replace: isRefinement,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return [search, change];
}
