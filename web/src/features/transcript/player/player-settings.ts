import { readStored, writeStored } from "@/lib/stored";
import { MAX_RATE, MIN_RATE, type Player } from "./player";

const RATE_KEY = "transcriber.player.rate";
const VOLUME_KEY = "transcriber.player.volume";

/** How this browser played last. */
export function readPlayerSettings(): { rate: number; volume: number } {
  return {
    rate: readNumber(RATE_KEY, MIN_RATE, MAX_RATE),
    volume: readNumber(VOLUME_KEY, 0, 1),
  };
}

/** Remembers speed and volume from now on. */
export function keepPlayerSettings(player: Player): () => void {
  return player.state.subscribe(() => {
    const { rate, volume } = player.state.get();
    writeStored(RATE_KEY, String(rate));
    writeStored(VOLUME_KEY, String(volume));
  });
}

/** What was stored, if it is within the bounds; else 1, as it is for speed and volume alike. */
function readNumber(key: string, low: number, high: number): number {
  const stored = readStored(key);
  const value = stored === null ? NaN : Number(stored);
  return value >= low && value <= high ? value : 1;
}
