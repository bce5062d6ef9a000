/*
 * Names of keys as shortcuts are written: `K`, `Shift+J`, `Alt+K`, `Mod+Z`, `?`, `F7`, `Space`.
 * `Mod` is Control, or Command on a Mac.  Letters are upper case; a sign is written as it is typed,
 * without the Shift it may need on this or that keyboard.
 */

type KeyPress = Pick<
  KeyboardEvent,
  "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "getModifierState"
>;

const signsByCode: Record<string, string> = { Comma: ",", Period: "." };

/** The name of what was pressed; undefined for a modifier alone. */
export function nameKey(press: KeyPress): string | undefined {
  const { key } = press;
  if (["Control", "Meta", "Alt", "Shift", "AltGraph", "Dead", "Process"].includes(key)) {
    return undefined;
  }
  // AltGr types signs; browsers report it as Control and Alt together.
  const isTyping = press.getModifierState("AltGraph");
  const hasMod = !isTyping && (press.ctrlKey || press.metaKey);
  const hasAlt = !isTyping && press.altKey;
  const base = nameBase(press, hasAlt);
  const isSign = isSingle(base) && base.toUpperCase() === base.toLowerCase();
  return [hasMod && "Mod", hasAlt && "Alt", press.shiftKey && !isSign && "Shift", base]
    .filter((part) => part !== false)
    .join("+");
}

/** Where Alt makes another letter of it, as on a Mac, the key's place tells which one it is. */
function nameBase({ key, code }: KeyPress, hasAlt: boolean): string {
  if (key === " ") return "Space";
  if (hasAlt) {
    const letter = /^(?:Key|Digit)(.)$/.exec(code)?.[1];
    return letter ?? signsByCode[code] ?? key;
  }
  return isSingle(key) ? key.toUpperCase() : key;
}

/** Whether the key writes or moves within a text: such a one does nothing else while typing. */
export function isTextKey(name: string): boolean {
  if (history.has(name)) return true;
  if (name.startsWith("Mod+") || name.startsWith("Alt+")) return false;
  const base = name.replace(/^Shift\+/, "");
  return isSingle(base) || editing.has(base);
}

/** Whether it is one letter, digit or sign. */
export function isSingle(base: string): boolean {
  return /^.$/u.test(base);
}

/** A text that is being written takes its own writing back. */
const history = new Set(["Mod+Z", "Mod+Shift+Z", "Mod+Y"]);

const editing = new Set([
  ...["Space", "Enter", "Tab", "Escape", "Backspace", "Delete", "Insert"],
  ...["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"],
]);

/** Whether what has the focus takes keys for itself: a text, or a control that a key works. */
export function takesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  if (!(target instanceof HTMLInputElement)) return false;
  return !["checkbox", "radio", "button", "range", "file"].includes(target.type);
}

/** Whether the focused control does something of its own at Space, Enter or an arrow. */
export function worksBy(target: EventTarget | null, name: string): boolean {
  if (!(target instanceof HTMLElement) || !editing.has(name)) return false;
  const selector =
    "a[href], button, input, select, summary, [role=slider], [role=menuitem], [role=menu], [role=option], [role=tab], [role=radio]";
  return target.closest(selector) !== null;
}
