import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { HitRead } from "@/api/generated";
import { formatClock, formatLanguageName, formatMoment } from "@/lib/quantities";
import { focusHit, focusSearch } from "./focus-hit";
import type { HitGroup } from "./group-hits";
import classes from "./SearchResults.module.css";
import { splitHighlights } from "./split-highlights";

/** One transcript with what was found in it. */
export function HitGroupItem({ group }: { group: HitGroup }) {
  const { i18n } = useTranslation();
  return (
    <li className={classes["group"]}>
      <div className={classes["head"]}>
        <h2 className={classes["name"]}>
          <Link to="/transcript/$jobId" params={{ jobId: group.jobId }}>
            {group.name}
          </Link>
        </h2>
        <span className={classes["facts"]}>
          {formatLanguageName(group.language, i18n.language)} ·{" "}
          <time dateTime={group.createdAt}>{formatMoment(group.createdAt, i18n.language)}</time>
        </span>
      </div>
      <ul className={classes["hits"]}>
        {group.hits.map((hit) => (
          <HitItem key={hit.segment_index} hit={hit} />
        ))}
      </ul>
    </li>
  );
}

function HitItem({ hit }: { hit: HitRead }) {
  return (
    <li>
      <Link
        to="/transcript/$jobId"
        params={{ jobId: hit.job_id }}
        search={{ at: hit.start }}
        className={classes["hit"]}
        data-hit
        onKeyDown={onKeyDown}
      >
        <span className={classes["time"]}>{formatClock(hit.start)}</span>{" "}
        <span lang={hit.language} dir="auto" className={classes["text"]}>
          {hit.speaker !== null && <b>{hit.speaker}: </b>}
          {splitHighlights(hit.text, hit.highlights).map(({ text, isMatch }, place) =>
            isMatch ? <mark key={place}>{text}</mark> : text,
          )}
        </span>
      </Link>
    </li>
  );
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.key === "ArrowDown") {
    focusHit("next");
  } else if (event.key === "ArrowUp" || event.key === "Escape") {
    if (event.key === "Escape" || !focusHit("previous")) focusSearch();
  } else {
    return;
  }
  event.preventDefault();
}
