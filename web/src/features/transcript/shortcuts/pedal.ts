import { Observable } from "@/lib/observable";
import { readStored, writeStored } from "@/lib/stored";

/*
 * Keys of one's own, as foot pedals send them, and whether single letters work as shortcuts; kept
 * in this browser.
 */

export const pedalActions = ["toggle", "back", "forward"] as const;
export type PedalAction = (typeof pedalActions)[number];
type PedalKeys = Partial<Record<PedalAction, string>>;

export interface KeySettings {
  pedal: PedalKeys;
  /** Whether keys that write work as shortcuts outside of texts. */
  hasSingleKeys: boolean;
}

const STORAGE_KEY = "transcriber.keys";

/** Shared by every transcript that this page shows. */
export const keySettings = new Observable<KeySettings>({ pedal: {}, hasSingleKeys: true });

export function loadKeySettings(): void {
  keySettings.set(parseKeySettings(readStored(STORAGE_KEY)));
}

export function changeKeySettings(change: Partial<KeySettings>): void {
  const settings = { ...keySettings.get(), ...change };
  keySettings.set(settings);
  writeStored(STORAGE_KEY, JSON.stringify(settings));
}

/** Gives an action its key, and takes the key from whatever had it. */
export function bindPedal(action: PedalAction, key: string | undefined): void {
  const others = Object.entries(keySettings.get().pedal).filter(
    ([name, bound]) => name !== action && bound !== key,
  );
  changeKeySettings({ pedal: { ...Object.fromEntries(others), ...(key && { [action]: key }) } });
}

/** What storage holds may come from another version or from anybody's hand. */
export function parseKeySettings(stored: string | null): KeySettings {
  const found = parse(stored);
  const pedal: PedalKeys = {};
  const bound = isRecord(found["pedal"]) ? found["pedal"] : {};
  for (const action of pedalActions) {
    const key = bound[action];
    if (typeof key === "string" && key !== "") pedal[action] = key;
  }
  return { pedal, hasSingleKeys: found["hasSingleKeys"] !== false };
}

function parse(stored: string | null): Record<string, unknown> {
  try {
    const found: unknown = JSON.parse(stored ?? "{}");
    return isRecord(found) ? found : {};
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
