import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";

const DELAY_MS = 300;

/** The text of a field that takes effect when the typing pauses. */
export function useDelayedText(value: string, onChange: (value: string) => void) {
  const [text, setText] = useState(value);
  const [sent, setSent] = useState(value);
  // The way back, or a link, brought another value.
  if (value !== sent) {
    setSent(value);
    setText(value);
  }
  const send = (typed: string) => {
    const wanted = typed.trim();
    if (wanted === sent) return;
    setSent(wanted);
    onChange(wanted);
  };
  const sendLater = useDebouncedCallback(send, DELAY_MS);
  return {
    text,
    type: (typed: string) => {
      setText(typed);
      sendLater(typed);
    },
    /** At once: Enter was pressed, or the field emptied. */
    settle: (typed: string) => {
      sendLater.cancel();
      setText(typed);
      send(typed);
    },
  };
}
