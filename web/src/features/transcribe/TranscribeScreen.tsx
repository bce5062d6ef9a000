import { Button, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { JobOptions } from "@/components/jobs/JobOptions";
import { PageTitle } from "@/components/ui/PageTitle";
import type { Selection } from "./choosing/picked-file";
import { DropZone } from "./DropZone";
import { SelectionNotice, type SelectionOutcome } from "./SelectionNotice";
import classes from "./TranscribeScreen.module.css";
import { UnfinishedSection } from "./UnfinishedSection";
import { needsFile } from "./upload-item";
import { UploadList } from "./UploadList";
import { unfinished, uploads, useUploads } from "./uploads";
import { useChoices } from "./use-choices";

const NOTHING: SelectionOutcome = { ignored: [] };

export function TranscribeScreen() {
  const { t } = useTranslation();
  const items = useUploads();
  const [choices, setChoices] = useChoices();
  const [outcome, setOutcome] = useState(NOTHING);
  const ready = items.filter((item) => item.state === "ready").length;

  return (
    <div className={classes["screen"]}>
      <div className={classes["heading"]}>
        <PageTitle>{t("transcribe.title")}</PageTitle>
        <p className={classes["lead"]}>{t("transcribe.lead")}</p>
      </div>
      <div className={classes["files"]}>
        <DropZone
          isSmall={items.length > 0}
          onSelection={(selection) => {
            setOutcome(take(selection));
          }}
          onUnreadable={() => {
            setOutcome({ ...NOTHING, isUnreadable: true });
          }}
        />
        <SelectionNotice
          outcome={outcome}
          onClose={() => {
            setOutcome(NOTHING);
          }}
        />
        <UnfinishedSection items={items.filter(needsFile)} />
        <UploadList items={items.filter((item) => !needsFile(item))} />
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
          {t("transcribe.start", { count: ready })}
        </Button>
      </section>
    </div>
  );
}

/** Continues what was begun with the files that fit, and lists the others. */
function take({ files, ignored }: Selection): SelectionOutcome {
  const others = files.filter((picked) => !unfinished.takeUp(picked));
  const listed = uploads.add(others);
  return { ignored: [...listed, ...ignored], isEmpty: files.length === 0 && ignored.length > 0 };
}
