import { useTranslation } from "react-i18next";
import { ProblemError } from "@/api/problem";
import classes from "./FaultIds.module.css";

const SERVER_FAULT = 500;

/** What names a fault in the service's log and traces, for a report of it; a refusal has none. */
export function FaultIds({ error }: { error: unknown }) {
  const { t } = useTranslation();
  if (!(error instanceof ProblemError)) return null;
  if (error.status !== 0 && error.status < SERVER_FAULT) return null;
  const requestId = error.facts["request_id"];
  const ids: [string, string][] = [];
  if (typeof requestId === "string") ids.push([t("problem.request"), requestId]);
  if (error.traceId !== undefined) ids.push([t("problem.trace"), error.traceId]);
  if (ids.length === 0) return null;
  return (
    <dl className={classes["ids"]}>
      {ids.map(([name, id]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{id}</dd>
        </div>
      ))}
    </dl>
  );
}
