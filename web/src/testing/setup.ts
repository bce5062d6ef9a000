import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { afterAll, afterEach, beforeAll } from "vitest";
import { raiseProblems } from "@/api/problem";
import { sendTraceParents, traceRequests } from "@/api/trace-parent";
import { en } from "@/i18n/catalogues/en";
import { server } from "./server";

await i18next.use(initReactI18next).init({
  lng: "en",
  resources: { en: { translation: en } },
  interpolation: { escapeValue: false },
});
raiseProblems();
sendTraceParents();
// Two shared cores may be busy elsewhere; a wait that succeeds is no longer for it.
configure({ asyncUtilTimeout: 10_000 });
giveBrowserParts();

beforeAll(() => {
  server.listen({ onUnhandledFrame: "error" });
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
  localStorage.clear();
  traceRequests(false);
});
afterAll(() => {
  server.close();
});

/** What browsers have, the kit asks for, and jsdom lacks: a test page has no size and no theme. */
function giveBrowserParts(): void {
  window.matchMedia = (query) =>
    ({
      matches: false,
      media: query,
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }) as unknown as MediaQueryList;
  window.ResizeObserver = class {
    observe = () => undefined;
    unobserve = () => undefined;
    disconnect = () => undefined;
  };
  // Texts that grow with what is written measure anew once the fonts are there.
  Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });
  Element.prototype.scrollIntoView = () => undefined;
  window.scrollTo = () => undefined;
  HTMLMediaElement.prototype.pause = () => undefined;
}
