import { ActionIcon, Alert } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import { AddTag } from "./AddTag";
import classes from "./TagLine.module.css";
import { addTag, MAX_TAGS, removeTag } from "./tags";
import { useTags } from "./use-tags";

/** The tags of a transcript, to take away and to add to. */
export function TagLine({ jobId }: { jobId: string }) {
  const { t } = useTranslation();
  const { read, change, set } = useTags(jobId);
  const fault = read.error ?? change.error;
  const tags = read.data?.tags;
  return (
    <div className={classes["line"]}>
      {tags && tags.length > 0 && (
        <ul className={classes["tags"]} aria-label={t("tagging.tags")}>
          {tags.map((tag) => (
            <li key={tag} className={classes["tag"]}>
              <span dir="auto">{tag}</span>
              <ActionIcon
                variant="transparent"
                color="gray"
                size={24}
                aria-label={t("tagging.remove", { tag })}
                onClick={() => {
                  set(removeTag(tags, tag));
                }}
              >
                <IconX size={12} aria-hidden="true" />
              </ActionIcon>
            </li>
          ))}
        </ul>
      )}
      {tags && tags.length < MAX_TAGS && (
        <AddTag
          tags={tags}
          onAdd={(tag) => {
            const added = addTag(tags, tag);
            if (added !== tags) set(added);
          }}
        />
      )}
      {fault !== null && (
        <Alert color="red" variant="light" role="alert" className={classes["fault"]}>
          {describeProblem(fault, t)}
        </Alert>
      )}
    </div>
  );
}
