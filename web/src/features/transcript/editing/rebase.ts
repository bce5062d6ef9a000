import { type Entry, listOriginals, namesOf, replay } from "./entries";
import { findLine, isLine, type Line, type Row } from "./lines";
import type { Names } from "./names";
import { Sets } from "./sets";
import { type Clash, isSameResult, joinFields } from "./settle";
import { groupByTime, type Stretch } from "./stretches";

/** What another editor did: lines that went, by this page's names, and segments that came. */
export interface ForeignChange {
  removed: readonly Line[];
  /** The same by the indexes that the service had for them. */
  gone: readonly number[];
  /** By the service's indexes. */
  added: readonly Line[];
}

interface Pending {
  entries: readonly Entry[];
  /** So many were sent and not answered: perhaps the other editor was this page. */
  inDoubt: number;
}

interface Rebased {
  entries: Entry[];
  clashes: Clash[];
}

/** The lines after the first `count` operations, among those that anybody touched. */
interface Stage {
  count: number;
  lines: readonly Line[];
}

/**
 * Moves operations that wait onto a revision that somebody else made.  What touches other segments
 * stays as it is, what can be joined is joined, and the rest is a clash.  `names` learns which
 * segments took the place of which.
 */
export function rebase(pending: Pending, foreign: ForeignChange, names: Names): Rebased {
  const { entries, inDoubt } = pending;
  const originals = listOriginals(entries);
  for (const line of foreign.removed) originals.set(line.index, line);
  const base = names.sort([...originals.values()]);
  const stages = [entries.length, inDoubt].map((count): Stage => {
    const { rows } = replay(base, entries.slice(0, count));
    return { count, lines: rows.filter(isLine) };
  });
  const stretches = groupByTime(foreign.removed, foreign.added);
  const sets = joinSets(entries, stretches, stages[1]);
  const named = new Map(stretches.map((each) => [each, nameAdded(each, names)]));
  const gone = new Set(foreign.removed.map((line) => line.index));
  const staying = base.filter((line) => !gone.has(line.index));

  const kept: Entry[] = [];
  const clashes: Clash[] = [];
  for (const key of new Set(entries.map((entry) => sets.find(keyOf(entry))))) {
    const isHere = (line: Line) => sets.find(line.index) === key;
    const own = entries.filter((entry) => sets.find(keyOf(entry)) === key);
    const touching = stretches.filter((each) => sets.find(each) === key);
    if (touching.length === 0) {
      kept.push(...own);
      continue;
    }
    const came = touching.flatMap((each) => named.get(each) ?? []);
    const theirs = names.sort([...came, ...staying.filter(isHere)]);
    const stage = stages.find(
      ({ count, lines }) =>
        count > 0 && isSameResult(lines.filter(isHere), theirs, entries.slice(0, count)),
    );
    if (stage) {
      takePlaces(stage.lines.filter(isHere), theirs, names);
      kept.push(...own.filter((entry) => entries.indexOf(entry) >= stage.count));
      continue;
    }
    const mine = (stages[0]?.lines ?? []).filter(isHere);
    const clash = { base: base.filter(isHere), mine, theirs };
    const [left, last] = [joinFields(clash), own.at(-1)];
    if (left && last) kept.push(...left.map((operation) => ({ ...last, operation })));
    else clashes.push(clash);
  }
  const rows = names.sort([...staying, ...names.adopt(foreign.added)]);
  const replayed = replay(rows, kept);
  return {
    entries: replayed.entries,
    clashes: [...clashes, ...listFailed(replayed.failed, sets, stages[0], rows)],
  };
}

/** What hangs together: operations by the lines they touch, and the foreign change of those. */
function joinSets(
  entries: readonly Entry[],
  stretches: readonly Stretch[],
  doubtful: Stage | undefined,
): Sets<number | Stretch> {
  const sets = new Sets<number | Stretch>();
  for (const entry of entries) sets.join(namesOf(entry));
  const made = (doubtful?.lines ?? []).filter((line) => line.index < 0);
  for (const stretch of stretches) {
    sets.join([stretch, ...stretch.removed.map((line) => line.index)]);
    // An insertion touches no line: whether it arrived is told by what came.
    for (const { index, text, start } of made) {
      const hasCome = stretch.added.some((each) => each.text === text && each.start === start);
      if (hasCome) sets.join([stretch, index]);
    }
  }
  return sets;
}

/** Lines that came take the names of those that went where there is one for each. */
function nameAdded({ removed, added }: Stretch, names: Names): Line[] {
  removed.forEach((line, place) => {
    const taker = removed.length === added.length ? added[place] : undefined;
    if (taker) names.set(line.index, taker.index);
    else names.forget(line.index);
  });
  return names.adopt(added);
}

function takePlaces(mine: readonly Line[], theirs: readonly Line[], names: Names): void {
  const indexes = theirs.map((line) => names.indexOf(line.index));
  mine.forEach((line, place) => {
    const index = indexes[place];
    if (index !== undefined) names.set(line.index, index);
  });
}

/** Operations that the new neighbours do not allow, such as joining across what was put between. */
function listFailed(
  failed: readonly Entry[],
  sets: Sets<number | Stretch>,
  stage: Stage | undefined,
  rows: readonly Row[],
): Clash[] {
  return [...new Set(failed.map((entry) => sets.find(keyOf(entry))))].map((key) => {
    const isHere = (line: Line) => sets.find(line.index) === key;
    const own = failed.filter((entry) => sets.find(keyOf(entry)) === key);
    const base = [...listOriginals(own).values()];
    const theirs = base.flatMap((line) => findLine(rows, line.index) ?? []);
    return { base, mine: (stage?.lines ?? []).filter(isHere), theirs };
  });
}

function keyOf(entry: Entry): number {
  return namesOf(entry)[0] ?? 0;
}
