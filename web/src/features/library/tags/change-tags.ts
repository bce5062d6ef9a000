export interface TagChange {
  add?: readonly string[];
  remove?: readonly string[];
}

/** Tags with some added and some taken away; capitals do not tell two apart. */
export function changeTags(
  tags: readonly string[],
  { add = [], remove = [] }: TagChange,
): string[] {
  const fold = (tag: string) => tag.normalize("NFC").toLocaleLowerCase("und");
  const gone = new Set(remove.map(fold));
  const kept = new Map(tags.filter((tag) => !gone.has(fold(tag))).map((tag) => [fold(tag), tag]));
  for (const tag of add) {
    if (!kept.has(fold(tag))) kept.set(fold(tag), tag);
  }
  return [...kept.values()];
}
