import { Alert, Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHistory } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/ui/LinkButton";
import type { OpenTranscript } from "../open-transcript";
import { CompareDialog } from "./CompareDialog";
import { RestoreDialog } from "./RestoreDialog";
import classes from "./RevisionBanner.module.css";

/** Says that an earlier revision is read, and leads back. */
export function RevisionBanner({ transcript }: { transcript: OpenTranscript }) {
  const { t } = useTranslation();
  const [isComparing, comparison] = useDisclosure(false);
  const [isRestoring, restoration] = useDisclosure(false);
  if (!transcript.isReadOnly) return null;
  const { jobId, revision, newest } = transcript;
  return (
    <>
      <Alert
        variant="light"
        color="tide"
        role="status"
        icon={<IconHistory aria-hidden="true" />}
        title={
          revision === 0
            ? t("history.readsMachine")
            : t("history.readsRevision", { number: revision })
        }
      >
        <p className={classes["lead"]}>{t("history.readOnly", { newest })}</p>
        <div className={classes["buttons"]}>
          <LinkButton size="compact-sm" to="/transcript/$jobId" params={{ jobId }} search={{}}>
            {t("history.toNewest")}
          </LinkButton>
          <Button variant="default" size="compact-sm" onClick={comparison.open}>
            {t("history.sinceThen")}
          </Button>
          <Button variant="default" size="compact-sm" onClick={restoration.open}>
            {t("history.restore")}
          </Button>
        </div>
      </Alert>
      <CompareDialog
        transcript={transcript}
        number={newest}
        against={revision}
        isOpen={isComparing}
        onClose={comparison.close}
      />
      <RestoreDialog
        transcript={transcript}
        number={revision}
        isOpen={isRestoring}
        onClose={restoration.close}
      />
    </>
  );
}
