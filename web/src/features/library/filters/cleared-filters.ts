import { filterNames, type LibrarySearch } from "../library-search";

/** A change of what is shown that takes every filter away, the state's too. */
export const clearedFilters: Partial<LibrarySearch> = {
  state: undefined,
  ...Object.fromEntries(filterNames.map((name) => [name, undefined])),
};
