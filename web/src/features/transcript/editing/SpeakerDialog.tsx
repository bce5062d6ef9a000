import { Button, Radio, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import { useObservable } from "@/lib/observable";
import type { SpeakerScope } from "./desk";
import { useEditing } from "./EditContext";
import { type Line, tidyText } from "./lines";
import { MAX_SPEAKER_LENGTH } from "./operations";
import { SpeakerName } from "./SpeakerName";
import classes from "./EditDialog.module.css";
import speakerClasses from "./Speaker.module.css";

/** Asks who says a segment, and which others. */
export function SpeakerDialog() {
  const { t } = useTranslation();
  const desk = useEditing();
  const question = useObservable(desk.question);
  const segment = question?.kind === "speaker" ? desk.session.find(question.name) : undefined;
  return (
    <Dialog isOpen={segment !== undefined} onClose={desk.dismiss} title={t("speaker.title")}>
      {segment && <SpeakerForm segment={segment} marked={question?.marked ?? []} />}
    </Dialog>
  );
}

function SpeakerForm({ segment, marked }: { segment: Line; marked: readonly number[] }) {
  const { t } = useTranslation();
  const desk = useEditing();
  const speakers = useObservable(desk.speakers);
  const [name, setName] = useState(segment.speaker ?? "");
  const [scope, setScope] = useState<SpeakerScope>(
    marked.length > 1 ? "marked" : segment.speaker === null ? "one" : "turn",
  );
  const tidy = tidyText(name);
  const isLong = Array.from(tidy).length > MAX_SPEAKER_LENGTH;
  const apply = (chosen: string | null) => {
    if (isLong) return;
    void desk.nameSpeaker(segment, chosen, scope, marked);
    desk.dismiss();
  };
  return (
    <form
      className={classes["form"]}
      onSubmit={(event) => {
        event.preventDefault();
        apply(tidy === "" ? null : tidy);
      }}
    >
      <ScopeChoice segment={segment} marked={marked} scope={scope} onChange={setScope} />
      <TextInput
        label={t("speaker.name")}
        description={t("speaker.nameHint")}
        value={name}
        autoComplete="off"
        dir="auto"
        error={isLong && t("speaker.tooLong", { limit: MAX_SPEAKER_LENGTH })}
        onChange={(event) => {
          setName(event.currentTarget.value);
        }}
        data-autofocus
      />
      <fieldset className={speakerClasses["known"]}>
        <legend className={speakerClasses["legend"]}>{t("speaker.known")}</legend>
        {[...speakers, null].map((each) => (
          <Button
            key={each ?? ""}
            variant="default"
            size="compact-md"
            aria-pressed={each === segment.speaker}
            onClick={() => {
              apply(each);
            }}
          >
            <SpeakerName speaker={each} speakers={speakers} />
          </Button>
        ))}
      </fieldset>
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={desk.dismiss}>
          {t("app.cancel")}
        </Button>
        <Button type="submit">{t("speaker.apply")}</Button>
      </div>
    </form>
  );
}

interface ScopeChoiceProps {
  segment: Line;
  marked: readonly number[];
  scope: SpeakerScope;
  onChange: (scope: SpeakerScope) => void;
}

function ScopeChoice({ segment, marked, scope, onChange }: ScopeChoiceProps) {
  const { t } = useTranslation();
  const desk = useEditing();
  const turn = desk.listTurn(segment.index).length;
  const name = segment.speaker;
  return (
    <Radio.Group
      label={t("speaker.scope")}
      value={scope}
      onChange={(value) => {
        onChange(value);
      }}
    >
      <div className={speakerClasses["scopes"]}>
        <Radio value="one" label={t("speaker.scopeOne")} />
        {turn > 1 && <Radio value="turn" label={t("speaker.scopeTurn", { count: turn })} />}
        {marked.length > 1 && (
          <Radio value="marked" label={t("speaker.scopeMarked", { count: marked.length })} />
        )}
        <Radio
          value="all"
          label={name === null ? t("speaker.scopeAllUnnamed") : t("speaker.scopeAll", { name })}
        />
      </div>
    </Radio.Group>
  );
}
