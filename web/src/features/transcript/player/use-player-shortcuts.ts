import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { keySettings } from "../shortcuts/pedal";
import { type Shortcut, useShortcuts } from "../shortcuts/shortcuts";
import { useTranscript } from "../TranscriptContext";
import { LONG_SKIP_SECONDS, RATE_STEP, SKIP_SECONDS } from "./player";

interface Actions {
  onFollow: () => void;
  onHelp: () => void;
}

/** The keys that play; those with Alt work while typing, as do a pedal's. */
export function usePlayerShortcuts({ onFollow, onHelp }: Actions): void {
  const { t } = useTranslation();
  const { player } = useTranscript();
  const { pedal } = useObservable(keySettings);
  const shortcuts = useMemo((): Shortcut[] => {
    const skip = (seconds: number) => () => {
      player.skip(seconds);
    };
    const hasten = (step: number) => () => {
      player.setRate(player.state.get().rate + step);
    };
    const short = { count: SKIP_SECONDS };
    const long = { count: LONG_SKIP_SECONDS };
    const playing: [string, string, string[], () => void][] = [
      [
        "toggle",
        t("player.playOrPause"),
        keys(["Space", "K", "Alt+K"], pedal.toggle),
        player.toggle,
      ],
      ["back", t("player.back", short), keys(["J", "Alt+J"], pedal.back), skip(-SKIP_SECONDS)],
      [
        "forward",
        t("player.forward", short),
        keys(["L", "Alt+L"], pedal.forward),
        skip(SKIP_SECONDS),
      ],
      ["far-back", t("player.back", long), ["Shift+J"], skip(-LONG_SKIP_SECONDS)],
      ["far-forward", t("player.forward", long), ["Shift+L"], skip(LONG_SKIP_SECONDS)],
      ["slower", t("player.slower"), ["<", "Alt+,"], hasten(-RATE_STEP)],
      ["faster", t("player.faster"), [">", "Alt+."], hasten(RATE_STEP)],
      ["mute", t("player.mute"), ["M"], player.toggleMuted],
      ["follow", t("player.followLong"), ["F"], onFollow],
    ];
    const reading: [string, string, string[]][] = [
      ["rows", t("reading.moveByRow"), ["ArrowUp", "ArrowDown"]],
      ["words", t("reading.moveByWord"), ["ArrowLeft", "ArrowRight"]],
      ["here", t("reading.playHere"), ["Enter"]],
    ];
    return [
      ...playing.map(([id, label, names, run]) => ({
        ...{ id, label, run, keys: names },
        group: "playing" as const,
      })),
      ...reading.map(([id, label, names]) => ({
        ...{ id, label, keys: names },
        group: "reading" as const,
      })),
      { id: "help", group: "help", label: t("shortcuts.open"), keys: ["?"], run: onHelp },
    ];
  }, [t, player, pedal, onFollow, onHelp]);
  useShortcuts(shortcuts);
}

function keys(usual: string[], own: string | undefined): string[] {
  return own === undefined ? usual : [...usual, own];
}
