import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ReplaceResult } from "@/api/generated";
import { buildPattern, type Wanted } from "./matches";
import classes from "./ReplacePreview.module.css";

interface ReplacePreviewProps {
  result: ReplaceResult;
  wanted: Wanted;
  language: string;
}

/** How many would change, and the first of them before and after. */
export function ReplacePreview({ result, wanted, language }: ReplacePreviewProps) {
  const { t } = useTranslation();
  const { preview, replacements, segments } = result;
  const pattern = buildPattern(wanted);
  return (
    <>
      <p className={classes["count"]} role="status">
        {replacements === 0
          ? t("finding.nothingToReplace")
          : `${t("finding.wouldChange", { count: replacements })} ${t("finding.concerned", { passages: segments })}`}
      </p>
      {preview.length > 0 && (
        <ol className={classes["list"]} aria-label={t("finding.previewList")}>
          {preview.map(({ index, before, after }) => (
            <li key={index} className={classes["change"]}>
              <p className={classes["before"]} lang={language} dir="auto">
                <VisuallyHidden component="span">{t("finding.before")} </VisuallyHidden>
                {pattern ? strike(before, pattern) : before}
              </p>
              <p className={classes["after"]} lang={language} dir="auto">
                <VisuallyHidden component="span">{t("finding.after")} </VisuallyHidden>
                {after || <em>{t("finding.passageGone")}</em>}
              </p>
            </li>
          ))}
        </ol>
      )}
      {segments > preview.length && (
        <p className={classes["count"]}>
          {t("finding.morePassages", { count: segments - preview.length })}
        </p>
      )}
    </>
  );
}

/** The text with what goes struck through. */
function strike(text: string, pattern: RegExp): ReactNode[] {
  const parts: ReactNode[] = [];
  let end = 0;
  for (const found of text.matchAll(pattern)) {
    parts.push(text.slice(end, found.index), <del key={found.index}>{found[0]}</del>);
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}
