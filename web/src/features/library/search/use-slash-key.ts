import { useEffect, useEffectEvent, useState } from "react";
import { readStored, writeStored } from "@/lib/stored";

const STORAGE_KEY = "transcriber.searchKey";

/** Whether `/` leads to the search.  It can be switched off: speech input may type it unasked. */
export function useSlashChoice(): [boolean, (isOn: boolean) => void] {
  const [isOn, setIsOn] = useState(() => readStored(STORAGE_KEY) !== "off");
  return [
    isOn,
    (wanted) => {
      setIsOn(wanted);
      writeStored(STORAGE_KEY, wanted ? "on" : "off");
    },
  ];
}

/** Calls back on `/`, wherever it is on a keyboard, unless somebody is typing. */
export function useSlashKey(isOn: boolean, onSlash: () => void): void {
  const answer = useEffectEvent(onSlash);
  useEffect(() => {
    if (!isOn) return;
    const onKey = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
      if (event.key !== "/" || !isPlain || isTyping(event.target)) return;
      event.preventDefault();
      answer();
    };
    document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
    };
  }, [isOn]);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  // A dialog has the keyboard to itself.
  return target.matches("input, textarea, select, [contenteditable], [role=dialog] *");
}
