import { ActionIcon, Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDots, IconPlayerStop, IconRefresh, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { Dialog } from "@/components/ui/Dialog";
import { describeProblem } from "@/lib/describe-problem";
import { isActive, isRetryable } from "@/lib/jobs";
import classes from "./JobActions.module.css";
import { useJobActions } from "./use-job-actions";

/** What may be done to a job in its present state. */
export function JobActions({ job }: { job: JobRead }) {
  const { t } = useTranslation();
  const { cancel, retry, remove, error, reset } = useJobActions(job.id);
  const [isAsking, question] = useDisclosure(false);
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("jobs.actions", { name: job.name })}
          >
            <IconDots size={18} aria-hidden="true" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isActive(job) && (
            <Menu.Item
              leftSection={<IconPlayerStop size={16} aria-hidden="true" />}
              disabled={job.cancel_requested}
              onClick={cancel}
            >
              {t("jobs.cancel")}
            </Menu.Item>
          )}
          {isRetryable(job) && (
            <Menu.Item leftSection={<IconRefresh size={16} aria-hidden="true" />} onClick={retry}>
              {t("jobs.retry")}
            </Menu.Item>
          )}
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={16} aria-hidden="true" />}
            onClick={question.open}
          >
            {t("jobs.delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Dialog isOpen={isAsking} onClose={question.close} title={t("jobs.deleteTitle")}>
        <p className={classes["body"]}>{t("jobs.deleteBody", { name: job.name })}</p>
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={question.close} data-autofocus>
            {t("jobs.keep")}
          </Button>
          <Button
            color="red"
            onClick={() => {
              question.close();
              remove();
            }}
          >
            {t("jobs.deleteConfirm")}
          </Button>
        </div>
      </Dialog>
      {error !== null && (
        <p className={classes["fault"]} role="alert">
          {describeProblem(error, t)}{" "}
          <Button variant="subtle" size="compact-xs" color="red" onClick={reset}>
            {t("app.close")}
          </Button>
        </p>
      )}
    </>
  );
}
