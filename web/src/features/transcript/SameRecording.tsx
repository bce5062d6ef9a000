import { Button, Menu } from "@mantine/core";
import { IconFiles } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { listJobsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { LinkItem } from "@/components/ui/LinkItem";
import { describeProblem } from "@/lib/describe-problem";
import { formatLanguageName, formatMoment } from "@/lib/quantities";
import { useLanguage } from "@/lib/use-language";
import classes from "./SameRecording.module.css";

/** As many as one page may hold; nobody transcribes a recording that often. */
const LIMIT = 200;

/** The way to the other transcriptions of the same recording, where there are any. */
export function SameRecording({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  const { recording_id } = job;
  const jobs = useQuery(listJobsOptions({ query: { recording_id, limit: LIMIT } }));
  if (jobs.isError) {
    return (
      <p className={classes["fault"]} role="alert">
        {t("sameRecording.failed")} {describeProblem(jobs.error, t)}
      </p>
    );
  }
  const items = jobs.data?.items ?? [];
  if (items.length < 2) return null;
  return (
    <Menu position="bottom-start" width={320}>
      <Menu.Target>
        <Button
          variant="subtle"
          size="compact-sm"
          leftSection={<IconFiles size={14} aria-hidden="true" />}
        >
          {t("sameRecording.open", { count: items.length })}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes["list"]}>
        {items.map((each) => (
          <LinkItem
            key={each.id}
            to="/transcript/$jobId"
            params={{ jobId: each.id }}
            search={{}}
            aria-current={each.id === job.id ? "page" : undefined}
            className={classes["item"]}
          >
            <Described job={each} />
          </LinkItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Described({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const facts = [
    job.language !== null && formatLanguageName(job.language, language),
    job.task === "translate" && t("transcript.translated"),
    job.state !== "completed" && t(`jobs.state.${job.state}`),
    !job.has_transcript && job.state === "completed" && t("jobs.noTranscript"),
    formatMoment(job.created_at, language),
  ];
  return (
    <>
      {t("transcript.model", { model: job.model })}
      <span className={classes["facts"]}>{facts.filter(Boolean).join(" · ")}</span>
    </>
  );
}
