import type { ReactNode } from "react";
import type { SegmentRead } from "@/api/generated";

/*
 * What other parts of the screen put into the rows of the text.  Keep the functions the same between
 * renders (`useCallback`): a new one renders every visible row again.
 */
export interface SegmentSlots {
  /** In place of the text, such as an editor; `undefined` leaves the text. */
  renderSegment?: ((segment: SegmentRead, row: number) => ReactNode) | undefined;
  /** At the end of the row. */
  renderActions?: ((segment: SegmentRead, row: number) => ReactNode) | undefined;
  /** In place of the speaker's name, which stands above the first of one's segments. */
  renderSpeaker?: ((segment: SegmentRead, row: number) => ReactNode) | undefined;
}
