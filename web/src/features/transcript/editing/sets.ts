/** Things that belong together, directly or through others. */
export class Sets<Thing> {
  readonly #parents = new Map<Thing, Thing>();

  join(things: readonly Thing[]): void {
    const [first, ...others] = things;
    if (first === undefined) return;
    for (const other of others) this.#parents.set(this.find(other), this.find(first));
  }

  /** The one that stands for all it belongs with. */
  find(thing: Thing): Thing {
    const parent = this.#parents.get(thing) ?? thing;
    if (parent === thing) return thing;
    const top = this.find(parent);
    this.#parents.set(thing, top);
    return top;
  }
}
