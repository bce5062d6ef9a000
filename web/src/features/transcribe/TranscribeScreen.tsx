import { Button, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { DropZone } from "./DropZone";
import type { JobChoices } from "@/components/jobs/job-choices";
import { JobOptions } from "@/components/jobs/JobOptions";
import { useDefaultChoices } from "@/components/preferences/use-preferences";
import classes from "./TranscribeScreen.module.css";
import { UploadList } from "./UploadList";
import { uploads, useUploads } from "./uploads";
import { useLeaveWarning } from "./use-leave-warning";

export function TranscribeScreen() {
  const { t } = useTranslation();
  const items = useUploads();
  const usual = useDefaultChoices();
  const [chosen, setChoices] = useState<JobChoices>();
  const choices = chosen ?? usual;
  const ready = items.filter((item) => item.state === "ready").length;
  useLeaveWarning(items.some((item) => item.state === "sending" || item.state === "waiting"));

  return (
    <div className={classes["screen"]}>
      <div className={classes["heading"]}>
        <Title order={1}>{t("transcribe.title")}</Title>
        <p className={classes["lead"]}>{t("transcribe.lead")}</p>
      </div>
      <div className={classes["files"]}>
        <DropZone
          isSmall={items.length > 0}
          onFiles={(files) => {
            uploads.add(files);
          }}
        />
        <UploadList items={items} />
      </div>
      <section className={classes["options"]} aria-labelledby="options-title">
        <Title order={2} size="h4" id="options-title">
          {t("transcribe.options")}
        </Title>
        <JobOptions choices={choices} onChange={setChoices} />
        <Button
          size="md"
          disabled={ready === 0}
          onClick={() => {
            uploads.start(choices);
          }}
        >
          {t("transcribe.start", { count: Math.max(1, ready) })}
        </Button>
      </section>
    </div>
  );
}
