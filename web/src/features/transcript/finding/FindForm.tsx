import { ActionIcon, Checkbox, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { FIND_FIELD_ID, focusFindField } from "./find-field";
import classes from "./FindForm.module.css";
import { MAX_FIND_LENGTH, type Wanted } from "./matches";

interface FindFormProps {
  wanted: Wanted;
  onChange: (wanted: Wanted) => void;
  /** The match that was gone to, from 0; -1 before the first step. */
  place: number;
  /** Undefined while nothing is looked for. */
  count: number | undefined;
  /** Whether all of the text was loaded. */
  isWhole: boolean;
  onStep: (by: 1 | -1) => void;
}

/** What to find, how many there are, and the steps from one to the next. */
export function FindForm({ wanted, onChange, place, count, isWhole, onStep }: FindFormProps) {
  const { t } = useTranslation();
  useEffect(focusFindField, []);
  const step = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onStep(event.shiftKey ? -1 : 1);
  };
  const found = useFound(place, count);
  const isNone = count === undefined || count === 0;
  return (
    <div className={classes["form"]} role="search">
      <TextInput
        id={FIND_FIELD_ID}
        // A drawer gives the focus to what asks for it.
        data-autofocus
        label={t("finding.find")}
        description={t("finding.findHint")}
        type="search"
        maxLength={MAX_FIND_LENGTH}
        value={wanted.text}
        onChange={(event) => {
          onChange({ ...wanted, text: event.currentTarget.value });
        }}
        onKeyDown={step}
      />
      <div className={classes["steps"]}>
        <span className={classes["found"]} role="status">
          {found}
          {count !== undefined && !isWhole && ` ${t("finding.stillLoading")}`}
        </span>
        <ActionIcon
          variant="default"
          aria-label={t("finding.previous")}
          disabled={isNone}
          onClick={() => {
            onStep(-1);
          }}
        >
          <IconChevronUp size={18} aria-hidden="true" />
        </ActionIcon>
        <ActionIcon
          variant="default"
          aria-label={t("finding.next")}
          disabled={isNone}
          onClick={() => {
            onStep(1);
          }}
        >
          <IconChevronDown size={18} aria-hidden="true" />
        </ActionIcon>
      </div>
      <Checkbox
        label={t("finding.matchCase")}
        checked={wanted.isCaseMatched}
        onChange={(event) => {
          onChange({ ...wanted, isCaseMatched: event.currentTarget.checked });
        }}
      />
      <Checkbox
        label={t("finding.wholeWords")}
        checked={wanted.isWholeWords}
        onChange={(event) => {
          onChange({ ...wanted, isWholeWords: event.currentTarget.checked });
        }}
      />
    </div>
  );
}

function useFound(place: number, count: number | undefined): string {
  const { t } = useTranslation();
  if (count === undefined) return "";
  if (count === 0) return t("finding.nothing");
  return place < 0
    ? t("finding.places", { count })
    : t("finding.placeOf", { number: place + 1, count });
}
