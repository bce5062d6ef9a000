import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DroppedRead } from "@/api/generated";
import { findDropped } from "../passages";
import type { Row } from "../segments/find-row";
import { useSegments } from "../segments/use-segments";
import { useTranscript } from "../TranscriptContext";
import { SegmentRow } from "./SegmentRow";
import type { SegmentSlots } from "./slots";
import { useAnchor } from "./use-anchor";
import { useFollowing } from "./use-following";
import { useListInput } from "./use-list-input";
import { keepRow, useListControl } from "./use-list-control";
import classes from "./SegmentList.module.css";

/*
 * The text, of which only the rows on the screen are elements.  Rows are measured as they appear;
 * Tab comes to one row, the arrows lead on from there.
 */

interface SegmentListProps extends SegmentSlots {
  /** What was left out, where it shall be shown. */
  dropped: readonly DroppedRead[];
  hasTimes: boolean;
}

/** Near the height of a row, before it is measured; the same for loaded rows and others. */
const ROW_HEIGHT = 48;
const OVERSCAN = 8;
/** What the page's header and its toolbar hide, and what the player does. */
const COVERED_ABOVE = 120;
const COVERED_BELOW = 180;

export function SegmentList(props: SegmentListProps) {
  const { dropped, hasTimes, ...slots } = props;
  const { t } = useTranslation();
  const { segments, language } = useTranscript();
  const { rows } = useSegments(segments);
  const root = useRef<HTMLDivElement>(null);
  const [reachable, setReachable] = useState(0);
  const scrollMargin = useDistance(root);

  // With another function all rows are placed anew, which is for other rows only.
  const nameRow = useCallback((row: number) => rows[row]?.index ?? `row ${row}`, [rows]);

  const list = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: nameRow,
    overscan: OVERSCAN,
    scrollMargin,
    scrollPaddingStart: COVERED_ABOVE,
    scrollPaddingEnd: COVERED_BELOW,
    // The row that has the focus stays, wherever the page is scrolled to.
    rangeExtractor: (range) => keepRow(range, reachable),
  });
  const visible = list.getVirtualItems();
  const first = list.range?.startIndex ?? 0;
  const last = list.range?.endIndex ?? 0;

  useEffect(() => {
    segments.want(first, last);
  }, [segments, first, last]);
  useListControl(root, list, setReachable);
  useListInput(root);
  useFollowing(root);
  useAnchor(list, rows);

  return (
    <div
      ref={root}
      role="list"
      aria-label={t("transcript.text")}
      className={classes["list"]}
      style={{ height: list.getTotalSize() }}
    >
      {visible.map(({ key, index: row, start }) => (
        <div
          key={key}
          ref={list.measureElement}
          role="listitem"
          aria-setsize={rows.length}
          aria-posinset={row + 1}
          data-index={row}
          data-segment={rows[row]?.index}
          className={classes["item"]}
          style={{ transform: `translateY(${start - scrollMargin}px)` }}
        >
          <SegmentRow
            segment={rows[row]}
            row={row}
            isOtherSpeaker={hasOtherSpeaker(rows, row)}
            dropped={findDropped(dropped, rows, row)}
            language={language}
            hasTimes={hasTimes}
            isReachable={row === Math.min(reachable, rows.length - 1)}
            {...slots}
          />
        </div>
      ))}
    </div>
  );
}

function hasOtherSpeaker(rows: readonly Row[], row: number): boolean {
  return row === 0 || rows[row - 1]?.speaker !== rows[row]?.speaker;
}

/** How far down the page the list begins. */
function useDistance(root: React.RefObject<HTMLElement | null>): number {
  const [distance, setDistance] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      const top = root.current?.getBoundingClientRect().top ?? 0;
      setDistance(Math.round(top + window.scrollY));
    };
    measure();
    // What stands above may grow: notices, a name that wraps, a panel that opens.
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    return () => {
      observer.disconnect();
    };
  }, [root]);
  return distance;
}
