import { createContext, use, useEffect } from "react";
import type { Observable } from "@/lib/observable";

/*
 * What a screen does at a key.  Each part of the transcript's screen registers its own with
 * `useShortcuts`; `?` lists all that are registered, under their group.  Keys are named as
 * `keys.ts` says.  A key that writes (`K`, `Space`) does nothing while a text has the focus; one
 * with `Mod` or `Alt`, and a function key, always works.
 */

export type ShortcutGroup = "playing" | "reading" | "editing" | "review" | "panels" | "help";

export interface Shortcut {
  /** Unique on the screen. */
  id: string;
  group: ShortcutGroup;
  /** In the interface's language. */
  label: string;
  keys: readonly string[];
  /** Without it the key is only listed: whoever lists it handles it. */
  run?: (() => void) | undefined;
}

export interface ShortcutRegistry {
  shortcuts: Observable<readonly Shortcut[]>;
}

export const ShortcutContext = createContext<ShortcutRegistry | undefined>(undefined);

export function useShortcutRegistry(): ShortcutRegistry {
  const registry = use(ShortcutContext);
  if (!registry) throw new Error("There is no ShortcutProvider around this.");
  return registry;
}

/** Registers shortcuts while the caller is shown; pass a memoised list. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const { shortcuts: registered } = useShortcutRegistry();
  useEffect(() => {
    registered.set([...registered.get(), ...shortcuts]);
    return () => {
      registered.set(registered.get().filter((each) => !shortcuts.includes(each)));
    };
  }, [registered, shortcuts]);
}
