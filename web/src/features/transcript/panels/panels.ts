import type { ReactNode } from "react";

/*
 * A panel beside the text: history, find and replace, speakers, review.  One is open at a time; on
 * a phone it is a drawer.  `useTranscript().panel` opens it (`set(id)`) and closes it
 * (`set(undefined)`).
 */
export interface Panel {
  id: string;
  title: string;
  icon: ReactNode;
  render: () => ReactNode;
}
