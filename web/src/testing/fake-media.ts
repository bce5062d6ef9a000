import { vi } from "vitest";

/** What a test does with the player's element in place of a sound device. */
export interface FakeMedia {
  element: () => HTMLVideoElement;
  /** The recording's beginning is there, and it can play. */
  load: (seconds: number) => void;
  /** It played up to here. */
  playTo: (seconds: number) => void;
  /** The browser gives up on it. */
  fail: () => void;
}

/** Gives media elements, which the simulated page cannot play, a state that a test moves. */
export function fakeMedia(): FakeMedia {
  const state = { paused: true, time: 0, duration: NaN, ready: 0, error: null as unknown };
  const element = () => {
    const found = document.querySelector("video");
    if (!found) throw new Error("There is no player.");
    return found;
  };
  const tell = (...names: string[]) => {
    for (const name of names) element().dispatchEvent(new Event(name));
  };
  const own = HTMLMediaElement.prototype;
  vi.spyOn(own, "play").mockImplementation(() => {
    state.paused = false;
    tell("play", "playing");
    return Promise.resolve();
  });
  vi.spyOn(own, "pause").mockImplementation(() => {
    state.paused = true;
    if (document.querySelector("video")) tell("pause");
  });
  vi.spyOn(own, "load").mockImplementation(() => {
    state.error = null;
  });
  vi.spyOn(own, "paused", "get").mockImplementation(() => state.paused);
  vi.spyOn(own, "duration", "get").mockImplementation(() => state.duration);
  vi.spyOn(own, "readyState", "get").mockImplementation(() => state.ready);
  // The simulated page has no such property to spy on.
  Object.defineProperty(own, "error", { configurable: true, get: () => state.error });
  vi.spyOn(own, "currentTime", "get").mockImplementation(() => state.time);
  vi.spyOn(own, "currentTime", "set").mockImplementation((seconds: number) => {
    state.time = seconds;
    if (document.querySelector("video")) tell("seeking", "seeked");
  });
  return {
    element,
    load: (seconds) => {
      Object.assign(state, { duration: seconds, ready: 4 });
      tell("loadedmetadata", "canplay");
    },
    playTo: (seconds) => {
      state.time = seconds;
      tell("timeupdate");
    },
    fail: () => {
      state.error = { code: 4 };
      tell("error");
    },
  };
}
