import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { RevisionRead } from "@/api/generated";
import { getMeOptions } from "@/api/generated/@tanstack/react-query.gen";
import { Tag } from "@/components/ui/Tag";
import { formatExactMoment, formatMoment } from "@/lib/quantities";
import { useLanguage } from "@/lib/use-language";
import type { OpenTranscript } from "../open-transcript";
import classes from "./RevisionRow.module.css";

export interface RevisionActions {
  /** Shows what lies between a revision and the one before. */
  onCompare: (number: number) => void;
  onOpen: (number: number) => void;
  onRestore: (number: number) => void;
}

interface RevisionRowProps extends RevisionActions {
  number: number;
  /** Missing for the machine's. */
  revision?: RevisionRead;
  transcript: OpenTranscript;
}

/** One revision: what was done, when, and what can be done with it. */
export function RevisionRow(props: RevisionRowProps) {
  const { number, revision, transcript, onCompare, onOpen, onRestore } = props;
  const { t } = useTranslation();
  const isNewest = number === transcript.newest;
  const isShown = number === transcript.revision;
  const call = (label: string, act: (number: number) => void) => (
    <Button
      variant="subtle"
      size="compact-sm"
      aria-label={`${label}: ${t("history.revision", { number })}`}
      onClick={() => {
        act(number);
      }}
    >
      {label}
    </Button>
  );
  return (
    <li className={classes["row"]} data-shown={isShown || undefined}>
      <div className={classes["head"]}>
        <span className={classes["title"]}>
          {number === 0 ? t("history.machine") : t("history.revision", { number })}
        </span>
        {isNewest && <Tag tone="accent">{t("history.newest")}</Tag>}
        {isShown && !isNewest && <Tag>{t("history.shown")}</Tag>}
        {number === 0 && <Tag>{t("history.immutable")}</Tag>}
      </div>
      {revision ? (
        <RevisionFacts revision={revision} />
      ) : (
        <p className={classes["facts"]}>{t("history.machineHint")}</p>
      )}
      <div className={classes["actions"]}>
        {number > 0 && call(t("history.changes"), onCompare)}
        {!isShown && call(t("history.view"), onOpen)}
        {!isNewest && call(t("history.restore"), onRestore)}
      </div>
    </li>
  );
}

function RevisionFacts({ revision }: { revision: RevisionRead }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const me = useQuery({ ...getMeOptions(), staleTime: "static" });
  const author = revision.user_id;
  const { kind, restored, change_count: count, created_at: moment } = revision;
  const whatCameBack =
    restored === 0 ? t("history.restoredMachine") : t("history.restored", { number: restored });
  const what = kind === "restore" ? whatCameBack : t(`history.kind.${kind}`, { count });
  return (
    <p className={classes["facts"]}>
      {what}
      {" · "}
      {author === me.data?.user_id ? t("history.byYou") : t("history.by", { account: author })}
      {" · "}
      <time dateTime={moment} title={formatExactMoment(moment, language)}>
        {formatMoment(moment, language)}
      </time>
    </p>
  );
}
