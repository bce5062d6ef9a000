import { Button, Checkbox } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { Dialog } from "@/components/ui/Dialog";
import type { TagChange } from "./change-tags";
import classes from "./Tags.module.css";
import { TagField } from "./TagField";

interface TagManyDialogProps {
  jobs: readonly JobRead[];
  isOpen: boolean;
  onClose: () => void;
  onSave: (change: TagChange) => void;
}

/** Tags to add to many transcripts, and to take from them; what else they have stays. */
export function TagManyDialog({ jobs, isOpen, onClose, onSave }: TagManyDialogProps) {
  const { t } = useTranslation();
  const title = t("library.tags.manyTitle", { count: jobs.length });
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={title}>
      <TagManyForm jobs={jobs} onClose={onClose} onSave={onSave} />
    </Dialog>
  );
}

function TagManyForm({ jobs, onClose, onSave }: Omit<TagManyDialogProps, "isOpen">) {
  const { t, i18n } = useTranslation();
  const [added, setAdded] = useState<string[]>([]);
  const [removed, setRemoved] = useState<string[]>([]);
  const present = [...new Set(jobs.flatMap((job) => job.tags))].sort((one, other) =>
    one.localeCompare(other, i18n.language),
  );
  return (
    <div className={classes["form"]}>
      <TagField label={t("library.tags.add")} value={added} onChange={setAdded} />
      {present.length > 0 && (
        <Checkbox.Group
          label={t("library.tags.remove")}
          description={t("library.tags.removeHint")}
          value={removed}
          onChange={setRemoved}
        >
          <div className={classes["present"]}>
            {present.map((tag) => (
              <Checkbox key={tag} value={tag} label={tag} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <div className={classes["buttons"]}>
        <Button variant="default" onClick={onClose}>
          {t("app.cancel")}
        </Button>
        <Button
          disabled={added.length + removed.length === 0}
          onClick={() => {
            onSave({ add: added, remove: removed });
          }}
        >
          {t("library.tags.save")}
        </Button>
      </div>
    </div>
  );
}
