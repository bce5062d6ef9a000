import { Alert, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { listTagsQueryKey, setTagsMutation } from "@/api/generated/@tanstack/react-query.gen";
import { putJob } from "@/components/jobs/live/job-cache";
import { Dialog } from "@/components/ui/Dialog";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./Tags.module.css";
import { TagField } from "./TagField";

interface EditTagsDialogProps {
  job: JobRead;
  isOpen: boolean;
  onClose: () => void;
}

/** All tags of one transcript. */
export function EditTagsDialog({ job, isOpen, onClose }: EditTagsDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("library.tags.title", { name: job.name })}>
      <EditTagsForm job={job} onClose={onClose} />
    </Dialog>
  );
}

function EditTagsForm({ job, onClose }: Omit<EditTagsDialogProps, "isOpen">) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const [tags, setTags] = useState(job.tags);
  const save = useMutation({
    ...setTagsMutation(),
    onSuccess: async (saved) => {
      putJob(queryClient, { ...job, tags: saved.tags });
      onClose();
      await queryClient.invalidateQueries({ queryKey: listTagsQueryKey() });
    },
  });
  return (
    <div className={classes["form"]}>
      <TagField label={t("library.tags.field")} value={tags} onChange={setTags} />
      {save.isError && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(save.error, t)}
        </Alert>
      )}
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button
          loading={save.isPending}
          onClick={() => {
            save.mutate({ path: { job_id: job.id }, body: { tags } });
          }}
        >
          {t("library.tags.save")}
        </Button>
      </div>
    </div>
  );
}
