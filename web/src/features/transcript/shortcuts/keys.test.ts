import { expect, test } from "vitest";
import { isTextKey, nameKey } from "./keys";

const name = (key: string, init: KeyboardEventInit = {}) =>
  nameKey(new KeyboardEvent("keydown", { key, ...init }));

test.each([
  ["k", {}, "K"],
  ["J", { shiftKey: true }, "Shift+J"],
  ["?", { shiftKey: true }, "?"],
  [">", {}, ">"],
  [" ", {}, "Space"],
  ["F7", {}, "F7"],
  ["z", { ctrlKey: true }, "Mod+Z"],
  ["z", { metaKey: true, shiftKey: true }, "Mod+Shift+Z"],
  ["˚", { altKey: true, code: "KeyK" }, "Alt+K"],
  ["≤", { altKey: true, code: "Comma" }, "Alt+,"],
  ["ArrowDown", { altKey: true, code: "ArrowDown" }, "Alt+ArrowDown"],
  ["MediaPlayPause", {}, "MediaPlayPause"],
])("%s is named as it is written", (key, init, expected) => {
  expect(name(key, init)).toBe(expected);
});

test("a modifier alone is no key", () => {
  expect(name("Shift", { shiftKey: true })).toBeUndefined();
});

test("AltGr types signs and is no modifier", () => {
  const init = { ctrlKey: true, altKey: true, modifierAltGraph: true, code: "KeyQ" };
  expect(name("@", init)).toBe("@");
});

test("keys that write are told from others", () => {
  const writing = ["Mod+Z", "K", "Shift+J", "?", "Space", "Enter", "ArrowLeft", "Shift+ArrowLeft"];
  const others = ["F7", "Alt+K", "Mod+F", "MediaPlayPause", "Shift+F2"];
  expect(writing.filter(isTextKey)).toEqual(writing);
  expect(others.filter(isTextKey)).toEqual([]);
});
