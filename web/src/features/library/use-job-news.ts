import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { useJobEvents } from "@/components/jobs/live/use-job-feed";
import { isActive } from "@/lib/jobs";

const GATHER_MS = 1_000;
const MAX_NAMED = 3;

/** What to read out: jobs that have just ended, those of a second together. */
export function useJobNews(): string {
  const { t } = useTranslation();
  const [news, setNews] = useState("");
  const ended = useRef<JobRead[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(
    () => () => {
      clearTimeout(timer.current);
    },
    [],
  );
  useJobEvents((event) => {
    if (event.type !== "state" || !event.job || isActive(event.job)) return;
    if (event.from_state === event.to_state) return;
    ended.current.push(event.job);
    if (ended.current.length > 1) return;
    timer.current = setTimeout(() => {
      const jobs = ended.current.splice(0);
      const named = jobs.map(({ name, state }) =>
        t("library.news", { name, state: t(`jobs.state.${state}`) }),
      );
      setNews(
        jobs.length > MAX_NAMED ? t("library.newsMany", { count: jobs.length }) : named.join(". "),
      );
    }, GATHER_MS);
  });
  return news;
}
