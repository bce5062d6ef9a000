import { useTranslation } from "react-i18next";
import type { DroppedRead } from "@/api/generated";
import classes from "./DroppedText.module.css";

/** What the engine wrote and did not believe. */
export function DroppedText({ dropped }: { dropped: DroppedRead }) {
  const { t } = useTranslation();
  return (
    <p className={classes["dropped"]} dir="auto">
      <s>{dropped.text}</s>{" "}
      <span className={classes["label"]}>
        {t("transcript.leftOut", { reason: t(`transcript.droppedReason.${dropped.reason}`) })}
      </span>
    </p>
  );
}
