import { Alert } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { useEditing } from "./EditContext";
import classes from "./EditNotice.module.css";

/** What the user should hear of once, above the text. */
export function EditNotice() {
  const { t } = useTranslation();
  const { session } = useEditing();
  const { notice } = useObservable(session.state);
  return (
    <div role="status" className={classes["place"]}>
      {notice && (
        <Alert
          variant="light"
          color="gray"
          icon={<IconInfoCircle aria-hidden="true" />}
          withCloseButton
          closeButtonLabel={t("app.close")}
          onClose={session.dismissNotice}
        >
          {t(`editNotice.${notice}`)}
        </Alert>
      )}
    </div>
  );
}
