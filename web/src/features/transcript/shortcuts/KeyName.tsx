import { Kbd } from "@mantine/core";
import { useTranslation } from "react-i18next";

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

const signs: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Mod: isMac ? "⌘" : "Ctrl",
  Alt: isMac ? "⌥" : "Alt",
};

const named = ["Space", "Enter", "Escape", "Shift", "Delete", "Backspace"] as const;

/** A key as it is written on keyboards: `Alt+K` → two keys beside each other. */
export function KeyName({ name }: { name: string }) {
  const { t } = useTranslation();
  const write = (part: string): string => {
    const known = named.find((each) => each === part);
    return known ? t(`shortcuts.key.${known}`) : (signs[part] ?? part);
  };
  const parts = name.endsWith("++") ? [...name.slice(0, -2).split("+"), "+"] : name.split("+");
  return (
    <span dir="ltr">
      {parts.map((part, place) => (
        <span key={part}>
          {place > 0 && " + "}
          <Kbd>{write(part)}</Kbd>
        </span>
      ))}
    </span>
  );
}
