import { ActionIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTag } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { EditTagsDialog } from "./EditTagsDialog";
import classes from "./Tags.module.css";

/** A transcript's tags: each leads to all that have it, the last button changes them. */
export function RowTags({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  const [isEditing, dialog] = useDisclosure(false);
  return (
    <>
      <ul className={classes["tags"]} aria-label={t("library.tags.label", { name: job.name })}>
        {job.tags.map((tag) => (
          <li key={tag}>
            <Link
              from="/library"
              to="/library"
              search={(search) => ({ ...search, tag })}
              activeOptions={{ exact: true }}
              className={classes["tag"]}
            >
              {tag}
            </Link>
          </li>
        ))}
        <li>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={24}
            aria-label={t("library.tags.edit", { name: job.name })}
            onClick={dialog.open}
          >
            <IconTag size={15} aria-hidden="true" />
          </ActionIcon>
        </li>
      </ul>
      <EditTagsDialog job={job} isOpen={isEditing} onClose={dialog.close} />
    </>
  );
}
