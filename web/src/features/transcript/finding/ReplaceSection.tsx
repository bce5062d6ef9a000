import { Alert, Button, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import type { OpenTranscript } from "../open-transcript";
import type { Wanted } from "./matches";
import classes from "./ReplaceSection.module.css";
import { ReplacePreview } from "./ReplacePreview";
import { type Replacing, useReplacement } from "./use-replacement";

const MAX_REPLACEMENT_LENGTH = 1_000;

interface ReplaceSectionProps {
  transcript: OpenTranscript;
  wanted: Wanted;
}

/** What is found, replaced everywhere: first shown, then done, and undone if it was wrong. */
export function ReplaceSection({ transcript, wanted }: ReplaceSectionProps) {
  const { t } = useTranslation();
  const [replacement, setReplacement] = useState("");
  const { look, replace, undo, preview, done, error, clear } = useReplacement(transcript);
  const asked: Replacing = {
    find: wanted.text,
    replacement,
    match_case: wanted.isCaseMatched,
    whole_words: wanted.isWholeWords,
  };
  // A preview of another wish, or of a text that has changed since, is none.
  const current =
    preview &&
    JSON.stringify(preview.asked) === JSON.stringify(asked) &&
    preview.result.revision === transcript.newest
      ? preview
      : undefined;
  return (
    <div className={classes["section"]}>
      <TextInput
        label={t("finding.replaceWith")}
        maxLength={MAX_REPLACEMENT_LENGTH}
        value={replacement}
        onChange={(event) => {
          clear();
          setReplacement(event.currentTarget.value);
        }}
      />
      <div className={classes["buttons"]}>
        <Button
          variant="default"
          loading={look.isPending}
          disabled={wanted.text.trim() === ""}
          onClick={() => {
            look.mutate(asked);
          }}
        >
          {t("finding.preview")}
        </Button>
        {current && current.result.replacements > 0 && (
          <Button
            loading={replace.isPending}
            onClick={() => {
              replace.mutate(current);
            }}
          >
            {t("finding.replaceAll", { count: current.result.replacements })}
          </Button>
        )}
      </div>
      {error !== null && (
        <Alert color="red" variant="light" role="alert" title={t("finding.notReplaced")}>
          {describeProblem(error, t)}
        </Alert>
      )}
      {done?.result.revision === transcript.newest && (
        <Alert color="green" variant="light" role="status">
          <p className={classes["done"]}>
            {t("finding.replaced", { count: done.result.replacements })}
          </p>
          <Button
            variant="default"
            size="compact-sm"
            loading={undo.isPending}
            onClick={() => {
              undo.mutate(done);
            }}
          >
            {t("finding.undo")}
          </Button>
        </Alert>
      )}
      {current && (
        <ReplacePreview result={current.result} wanted={wanted} language={transcript.language} />
      )}
    </div>
  );
}
