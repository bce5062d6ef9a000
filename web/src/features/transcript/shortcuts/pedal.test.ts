import { expect, test } from "vitest";
import { bindPedal, keySettings, loadKeySettings, parseKeySettings } from "./pedal";

test("keys of one's own are kept in the browser", () => {
  loadKeySettings();
  bindPedal("toggle", "F7");
  bindPedal("back", "F6");
  keySettings.set(parseKeySettings(null));
  loadKeySettings();
  expect(keySettings.get().pedal).toEqual({ toggle: "F7", back: "F6" });
});

test("a key does one thing, and can be forgotten", () => {
  loadKeySettings();
  bindPedal("toggle", "F7");
  bindPedal("back", "F7");
  expect(keySettings.get().pedal).toEqual({ back: "F7" });
  bindPedal("back", undefined);
  expect(keySettings.get().pedal).toEqual({});
});

test.each(["", "null", "7", "{", '{"pedal": 3}', '{"pedal": {"toggle": 7, "jump": "F1"}}'])(
  "what cannot be settings is passed over: %s",
  (stored) => {
    expect(parseKeySettings(stored)).toEqual({ pedal: {}, hasSingleKeys: true });
  },
);
