import { Alert, Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { Choice } from "@/components/ui/Choice";
import { Dialog } from "@/components/ui/Dialog";
import { describeProblem } from "@/lib/describe-problem";
import { type BundleFormat, bundleFormats, MAX_BUNDLE } from "./bundle-formats";
import classes from "./BulkBar.module.css";
import { saveBundle } from "./save-bundle";

interface ExportDialogProps {
  jobs: readonly JobRead[];
  isOpen: boolean;
  onClose: () => void;
}

/** Many transcripts as one file. */
export function ExportDialog({ jobs, isOpen, onClose }: ExportDialogProps) {
  const { t } = useTranslation();
  const [format, setFormat] = useState<BundleFormat>("txt");
  const save = useMutation({
    mutationFn: () => saveBundle(jobs, format),
    onSuccess: (isSaved) => {
      if (isSaved) onClose();
    },
  });
  const isTooMany = jobs.length > MAX_BUNDLE;
  const close = () => {
    save.reset();
    onClose();
  };
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={t("library.bulk.exportTitle", { count: jobs.length })}
    >
      <div className={classes["form"]}>
        <Choice
          label={t("library.bulk.exportFormat")}
          description={t("library.bulk.exportHint")}
          data={bundleFormats.map((each) => ({
            value: each,
            label: `${t(`exporting.formats.${each}`)} (.${each})`,
          }))}
          value={format}
          onChange={(chosen) => {
            if (chosen !== null) setFormat(chosen as BundleFormat);
          }}
        />
        {isTooMany && (
          <Alert color="orange" variant="light">
            {t("library.bulk.exportMax", { count: MAX_BUNDLE })}
          </Alert>
        )}
        {save.isError && (
          <Alert color="red" variant="light" role="alert">
            {describeProblem(save.error, t)}
          </Alert>
        )}
        <div className={classes["buttons"]}>
          <Button variant="default" onClick={close}>
            {t("app.cancel")}
          </Button>
          <Button
            disabled={isTooMany}
            loading={save.isPending}
            onClick={() => {
              save.mutate();
            }}
          >
            {t("library.bulk.exportConfirm")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
