import { memo } from "react";
import type { SegmentRead } from "@/api/generated";
import { isUncertain } from "../passages";
import { splitWords } from "./split-words";
import classes from "./SegmentText.module.css";

interface SegmentTextProps {
  segment: SegmentRead;
  language: string;
}

/** The words of a segment, or all of it where none is timed; the list hears the clicks on them. */
export const SegmentText = memo(function SegmentText({ segment, language }: SegmentTextProps) {
  if (segment.words.length === 0) {
    return (
      <p lang={language} dir="auto" className={classes["text"]}>
        <span data-word="whole" className={classes["word"]}>
          {segment.text}
        </span>
      </p>
    );
  }
  return (
    <p lang={language} dir="auto" className={classes["text"]}>
      {splitWords(segment).map(({ text, word }, place) => {
        if (word === undefined) return text;
        const timed = segment.words[word];
        return (
          <span
            key={place}
            data-word={word}
            data-uncertain={timed && isUncertain(timed) ? true : undefined}
            className={classes["word"]}
          >
            {text}
          </span>
        );
      })}
    </p>
  );
});
