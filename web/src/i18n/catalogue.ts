import type { en } from "./catalogues/en";

type Widened<Branch> = {
  [Key in keyof Branch]: Branch[Key] extends string ? string : Widened<Branch[Key]>;
};

/** What every language must fill, key by key: a gap does not compile. */
export type Catalogue = Widened<typeof en>;
