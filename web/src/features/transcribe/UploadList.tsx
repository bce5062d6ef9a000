import { Button, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { UploadItem } from "./upload-queue";
import classes from "./UploadList.module.css";
import { UploadRow } from "./UploadRow";
import { uploads } from "./uploads";

/** The files of this visit: those about to be sent, on their way, and what became of them. */
export function UploadList({ items }: { items: readonly UploadItem[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  return (
    <section aria-labelledby="uploads-title">
      <div className={classes["heading"]}>
        <Title order={2} size="h4" id="uploads-title">
          {t("transcribe.queueTitle")}
        </Title>
        {items.some((item) => item.state === "sent") && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => {
              uploads.clearSent();
            }}
          >
            {t("transcribe.clear")}
          </Button>
        )}
      </div>
      <ul className={classes["list"]}>
        {items.map((item) => (
          <UploadRow key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}
