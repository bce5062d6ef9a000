import { Alert, Button, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";
import classes from "./ShownOnce.module.css";

interface ShownOnceProps {
  label: string;
  /** Null when the service has shown it before and keeps no copy. */
  secret: string | null;
  hint: string;
  onDone: () => void;
}

/** A secret that this answer alone holds, to be copied now. */
export function ShownOnce({ label, secret, hint, onDone }: ShownOnceProps) {
  const { t } = useTranslation();
  return (
    <div className={classes["box"]}>
      <Alert color="yellow" variant="light" role="status">
        {secret === null ? t("app.shownBefore") : hint}
      </Alert>
      {secret !== null && (
        <Textarea
          label={label}
          value={secret}
          readOnly
          rows={3}
          spellCheck={false}
          classNames={{ input: classes["secret"] ?? "" }}
          onFocus={(event) => {
            event.currentTarget.select();
          }}
          data-autofocus
        />
      )}
      <div className={classes["buttons"]}>
        {secret !== null && <CopyButton label={t("app.copy")} readText={() => secret} />}
        <Button onClick={onDone}>{t("app.done")}</Button>
      </div>
    </div>
  );
}
