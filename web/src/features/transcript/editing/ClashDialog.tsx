import { Button, Textarea } from "@mantine/core";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import { useObservable } from "@/lib/observable";
import { useTranscript } from "../TranscriptContext";
import { writeClock } from "./clock";
import { useEditing } from "./EditContext";
import type { OpenClash } from "./ledger";
import { isSameContent, type Line, tidyText } from "./lines";
import { MAX_TEXT_LENGTH } from "./operations";
import type { Choice } from "./settle";
import { SpeakerName } from "./SpeakerName";
import classes from "./ClashDialog.module.css";

/** Asks which of two versions shall stay. */
export function ClashDialog() {
  const { t } = useTranslation();
  const { session, clashes: view } = useEditing();
  const { clashes } = useObservable(session.state);
  const isWanted = useObservable(view);
  const [clash] = clashes;
  const close = () => {
    view.set(false);
  };
  return (
    <Dialog
      isOpen={isWanted && clash !== undefined}
      onClose={close}
      title={t("clash.title")}
      size="lg"
    >
      {clash && (
        <ClashForm key={clash.id} clash={clash} more={clashes.length - 1} onLater={close} />
      )}
    </Dialog>
  );
}

interface ClashFormProps {
  clash: OpenClash;
  more: number;
  onLater: () => void;
}

function ClashForm({ clash, more, onLater }: ClashFormProps) {
  const { t } = useTranslation();
  const { session } = useEditing();
  const { language } = useTranscript();
  const { mine, theirs } = clash;
  const [own] = mine;
  const isJoinable = mine.length === 1 && theirs.length <= 1 && own !== undefined;
  const [text, setText] = useState(own?.text ?? "");
  const choose = (choice: Choice) => () => {
    session.settle(clash, choice);
  };
  const start = (mine[0] ?? theirs[0])?.start ?? 0;
  return (
    <div className={classes["form"]}>
      <p className={classes["lead"]}>{t("clash.lead", { time: writeClock(start) })}</p>
      <div className={classes["sides"]}>
        <Side title={t("clash.mine")} lines={mine} others={theirs}>
          <Button variant="default" onClick={choose({ keep: "mine" })}>
            {t("clash.keepMine")}
          </Button>
        </Side>
        <Side title={t("clash.theirs")} lines={theirs} others={mine}>
          <Button variant="default" onClick={choose({ keep: "theirs" })}>
            {t("clash.keepTheirs")}
          </Button>
        </Side>
      </div>
      {isJoinable && (
        <div className={classes["joined"]}>
          <Textarea
            label={t("clash.joined")}
            autosize
            minRows={2}
            lang={language}
            dir="auto"
            maxLength={MAX_TEXT_LENGTH}
            value={text}
            onChange={(event) => {
              setText(event.currentTarget.value);
            }}
          />
          <Button
            disabled={tidyText(text) === ""}
            onClick={choose({ keep: "text", text: tidyText(text) })}
          >
            {t("clash.keepText")}
          </Button>
        </div>
      )}
      <div className={classes["foot"]}>
        <span>{more > 0 && t("clash.more", { count: more })}</span>
        <Button variant="subtle" onClick={onLater}>
          {t("clash.later")}
        </Button>
      </div>
    </div>
  );
}

interface SideProps {
  title: string;
  lines: readonly Line[];
  others: readonly Line[];
  children: React.ReactNode;
}

function Side({ title, lines, others, children }: SideProps) {
  const { t } = useTranslation();
  const id = useId();
  const { speakers } = useEditing();
  const known = useObservable(speakers);
  const { language } = useTranscript();
  return (
    <section className={classes["side"]} aria-labelledby={id}>
      <h3 id={id} className={classes["title"]}>
        {title}
      </h3>
      {lines.length === 0 && <p className={classes["nothing"]}>{t("clash.nothing")}</p>}
      {lines.map((line, place) => (
        <div key={line.index}>
          {!isSameFrame(line, others[place]) && (
            <p className={classes["frame"]}>
              {writeClock(line.start)} – {writeClock(line.end)}{" "}
              <SpeakerName speaker={line.speaker} speakers={known} />
            </p>
          )}
          <p className={classes["text"]} lang={language} dir="auto">
            {line.text}
          </p>
        </div>
      ))}
      {children}
    </section>
  );
}

/** Times and speaker are told only where they differ as well. */
function isSameFrame(line: Line, other: Line | undefined): boolean {
  return other !== undefined && isSameContent({ ...line, text: "" }, { ...other, text: "" });
}
