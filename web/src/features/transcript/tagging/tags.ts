/** As many as one transcript may have, and as long as one may be. */
export const MAX_TAGS = 32;
export const MAX_TAG_LENGTH = 64;

/** The tags with another one; the same list where it is there already, however it is written. */
export function addTag(tags: readonly string[], added: string): readonly string[] {
  const tag = added.trim().replace(/\s+/g, " ");
  if (tag === "" || tags.some((each) => fold(each) === fold(tag))) return tags;
  return [...tags, tag];
}

export function removeTag(tags: readonly string[], removed: string): readonly string[] {
  return tags.filter((each) => each !== removed);
}

/** What is offered: tags of other transcripts that this one has not. */
export function suggestTags(all: readonly string[], tags: readonly string[]): string[] {
  const taken = new Set(tags.map(fold));
  return all.filter((each) => !taken.has(fold(each)));
}

function fold(tag: string): string {
  return tag.normalize("NFC").toLowerCase();
}
