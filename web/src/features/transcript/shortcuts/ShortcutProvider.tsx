import { type ReactNode, useEffect, useState } from "react";
import { Observable } from "@/lib/observable";
import { isSingle, isTextKey, nameKey, takesText, worksBy } from "./keys";
import { keySettings, loadKeySettings } from "./pedal";
import { type Shortcut, ShortcutContext } from "./shortcuts";

/** Listens to the keyboard for every shortcut that is registered inside of it. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const [registry] = useState(() => ({ shortcuts: new Observable<readonly Shortcut[]>([]) }));
  useEffect(() => {
    loadKeySettings();
    const handle = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const name = nameKey(event);
      if (name === undefined || isWithheld(event, name)) return;
      const found = registry.shortcuts.get().find((each) => each.run && each.keys.includes(name));
      if (!found?.run) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener("keydown", handle);
    return () => {
      window.removeEventListener("keydown", handle);
    };
  }, [registry]);
  return <ShortcutContext value={registry}>{children}</ShortcutContext>;
}

/** Whether the key belongs to what has the focus, or to a dialog that is open. */
function isWithheld(event: KeyboardEvent, name: string): boolean {
  const { target } = event;
  if (!isTextKey(name)) return false;
  if (takesText(target) || worksBy(target, name)) return true;
  if (target instanceof HTMLElement && target.closest("[role=dialog], [role=menu]")) return true;
  return !keySettings.get().hasSingleKeys && isSingle(name.replace(/^Shift\+/, ""));
}
