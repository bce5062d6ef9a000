import { type RefObject, useLayoutEffect } from "react";

const PROPERTY = "--player-height";

/** Tells the style sheets of the screen how much of the window an element takes. */
export function useToldHeight(element: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    if (!element.current) return undefined;
    const measured = element.current;
    const { style } = document.documentElement;
    const observer = new ResizeObserver(() => {
      style.setProperty(PROPERTY, `${measured.offsetHeight}px`);
    });
    observer.observe(measured);
    return () => {
      observer.disconnect();
      style.removeProperty(PROPERTY);
    };
  }, [element]);
}
