import type { Line, Row } from "./lines";

/** Which index of the service belongs to which name of this page. */
export class Names {
  readonly #indexes = new Map<number, number | undefined>();
  readonly #names = new Map<number, number>();
  readonly #adopted = new WeakMap<Line, Line>();
  #lastMade = 0;

  /** A name for a segment that is made on this page. */
  make(): number {
    this.#lastMade -= 1;
    return this.#lastMade;
  }

  /** Makes sure that none of these is made again. */
  reserve(names: readonly number[]): void {
    this.#lastMade = Math.min(this.#lastMade, ...names);
  }

  /** Undefined while the service does not know the segment, or does not have it any more. */
  indexOf(name: number): number | undefined {
    if (this.#indexes.has(name)) return this.#indexes.get(name);
    return name < 0 ? undefined : name;
  }

  nameOf(index: number): number {
    return this.#names.get(index) ?? index;
  }

  set(name: number, index: number): void {
    this.#indexes.set(name, index);
    this.#names.set(index, name);
  }

  /** The service has no such segment any more. */
  forget(name: number): void {
    this.#indexes.set(name, undefined);
  }

  /** Segments as the service gave them, under this page's names; the same for the same. */
  adopt<Segment extends Row>(segments: readonly Segment[]): Segment[] {
    if (this.#names.size === 0) return [...segments];
    return segments.map((each) => (each ? (this.#adoptOne(each) as Segment) : each));
  }

  #adoptOne(segment: Line): Line {
    const name = this.nameOf(segment.index);
    if (name === segment.index) return segment;
    const known = this.#adopted.get(segment);
    if (known?.index === name) return known;
    const adopted = { ...segment, index: name };
    this.#adopted.set(segment, adopted);
    return adopted;
  }

  /** The service's order: by start, and by index where two begin at once. */
  sort(lines: readonly Line[]): Line[] {
    const place = (line: Line) => this.indexOf(line.index) ?? Infinity;
    return [...lines].sort((one, other) => one.start - other.start || place(one) - place(other));
  }

  /** For keeping; `read` undoes it. */
  write(): [number, number | null][] {
    return [...this.#indexes].map(([name, index]) => [name, index ?? null]);
  }

  read(kept: readonly (readonly [number, number | null])[]): void {
    for (const [name, index] of kept) {
      if (index === null) this.forget(name);
      else this.set(name, index);
    }
    this.reserve(kept.map(([name]) => name));
  }
}
