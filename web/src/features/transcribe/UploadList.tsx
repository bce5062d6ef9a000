import { Button, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { UploadItem } from "./upload-item";
import classes from "./UploadList.module.css";
import { UploadRow } from "./UploadRow";
import { uploads } from "./uploads";

/** The files of this visit: those about to be sent, on their way, and what became of them. */
export function UploadList({ items }: { items: readonly UploadItem[] }) {
  const { t } = useTranslation();
  if (items.length === 0) return null;
  const has = (...states: UploadItem["state"][]) =>
    items.some(({ state }) => states.includes(state));
  return (
    <section aria-labelledby="uploads-title">
      <div className={classes["heading"]}>
        <Title order={2} size="h4" id="uploads-title">
          {t("sending.list")}
        </Title>
        <div className={classes["controls"]}>
          {items.length > 1 && has("sending", "waiting") && (
            <Control
              label={t("sending.pauseAll")}
              onClick={() => {
                uploads.pauseAll();
              }}
            />
          )}
          {items.length > 1 && has("paused") && (
            <Control
              label={t("sending.resumeAll")}
              onClick={() => {
                uploads.resumeAll();
              }}
            />
          )}
          {has("sent") && (
            <Control
              label={t("sending.clear")}
              onClick={() => {
                uploads.clearSent();
              }}
            />
          )}
        </div>
      </div>
      <ul className={classes["list"]}>
        {items.map((item) => (
          <UploadRow key={item.id} item={item} />
        ))}
      </ul>
    </section>
  );
}

function Control({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button variant="subtle" size="compact-sm" onClick={onClick}>
      {label}
    </Button>
  );
}
