import type { UploadItem } from "./upload-item";

/** The items as React reads them: a new list after each change. */
export class ItemList {
  #items: readonly UploadItem[] = [];
  readonly #listeners = new Set<() => void>();

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };

  readonly read = (): readonly UploadItem[] => this.#items;

  find(id: string): UploadItem | undefined {
    return this.#items.find((item) => item.id === id);
  }

  add(...items: UploadItem[]): void {
    this.replace([...this.#items, ...items]);
  }

  /** Changes an item; one that is gone stays gone. */
  change(id: string, change: Partial<UploadItem>): UploadItem | undefined {
    const old = this.find(id);
    if (!old) return undefined;
    const changed = { ...old, ...change };
    this.replace(this.#items.map((item) => (item === old ? changed : item)));
    return changed;
  }

  filter(isKept: (item: UploadItem) => boolean): void {
    const left = this.#items.filter(isKept);
    if (left.length < this.#items.length) this.replace(left);
  }

  replace(items: readonly UploadItem[]): void {
    this.#items = items;
    for (const listener of this.#listeners) listener();
  }
}
