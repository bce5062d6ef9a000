import { Button } from "@mantine/core";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { AskFirst } from "@/components/ui/AskFirst";
import { formatBytes, formatMoment } from "@/lib/quantities";
import { type FileDialog, FileInput } from "./choosing/FileInput";
import { describeFailure } from "./describe-failure";
import type { UploadItem } from "./upload-item";
import classes from "./UploadList.module.css";
import { unfinished, uploads } from "./uploads";

/** One upload that needs its file, or that another tab sends. */
export function UnfinishedRow({ item }: { item: UploadItem }) {
  const { t, i18n } = useTranslation();
  return (
    <li className={classes["row"]}>
      <span className={classes["name"]} title={item.name}>
        {item.name}
      </span>
      <div className={classes["status"]}>
        <Facts item={item} />
        {item.error !== undefined && (
          <p className={classes["fault"]} role="alert">
            {describeFailure(item, t, i18n.language)}
          </p>
        )}
      </div>
      {item.state === "unfinished" && (
        <div className={classes["actions"]} data-wide>
          <Continue item={item} />
          <Discard item={item} />
        </div>
      )}
    </li>
  );
}

function Facts({ item }: { item: UploadItem }) {
  const { t, i18n } = useTranslation();
  const { language } = i18n;
  if (item.state === "elsewhere") return t("unfinished.elsewhere");
  if (item.state === "stopping") return t("sending.stopping");
  const total = formatBytes(item.sizeBytes, language);
  if (item.uploadId === undefined) return t("unfinished.notBegun", { total });
  const sent = formatBytes(item.keptBytes, language);
  const facts = [t("unfinished.progress", { sent, total })];
  if (item.expiresAt !== undefined) {
    facts.push(t("unfinished.until", { moment: formatMoment(item.expiresAt, language) }));
  }
  return facts.join(" · ");
}

function Continue({ item: { id, name, handle } }: { item: UploadItem }) {
  const { t } = useTranslation();
  const dialog = useRef<FileDialog>(null);
  return (
    <>
      {handle ? (
        <Button
          size="compact-sm"
          variant="light"
          aria-label={t("unfinished.continueFor", { name })}
          onClick={() => void unfinished.continueByHandle(id)}
        >
          {t("unfinished.continue")}
        </Button>
      ) : (
        <Button
          size="compact-sm"
          variant="light"
          aria-label={t("unfinished.chooseFor", { name })}
          onClick={() => {
            dialog.current?.open();
          }}
        >
          {t("unfinished.choose")}
        </Button>
      )}
      <FileInput
        ref={dialog}
        testId={`file-of-${name}`}
        onFiles={([picked]) => {
          if (picked) void unfinished.attach(id, picked);
        }}
      />
    </>
  );
}

function Discard({ item: { id, name } }: { item: UploadItem }) {
  const { t } = useTranslation();
  return (
    <AskFirst
      size="compact-sm"
      label={t("unfinished.discard")}
      fullLabel={t("unfinished.discardFor", { name })}
      title={t("sending.stopTitle")}
      body={t("sending.stopBody", { name })}
      confirm={t("unfinished.discard")}
      call={() => uploads.remove(id)}
      refresh={() => Promise.resolve()}
    />
  );
}
