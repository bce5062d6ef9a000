import { useTranslation } from "react-i18next";
import type { JobRead } from "@/api/generated";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { focusContent } from "@/lib/focus";
import { TagManyDialog } from "../tags/TagManyDialog";
import { ExportDialog } from "./ExportDialog";
import type { BulkOrder } from "./use-bulk";

/** What is asked about before it is done to many. */
export type Question = "cancel" | "delete" | "export" | "tag";

interface BulkQuestionsProps {
  question: Question | undefined;
  jobs: readonly JobRead[];
  cancellable: readonly JobRead[];
  readable: readonly JobRead[];
  onClose: () => void;
  onOrder: (order: BulkOrder) => void;
}

/** The dialogs behind the buttons of the bar. */
export function BulkQuestions(props: BulkQuestionsProps) {
  const { question, jobs, cancellable, readable, onClose, onOrder } = props;
  const { t } = useTranslation();
  const give = (order: BulkOrder) => {
    onClose();
    // The button that asked may go with what was chosen.
    focusContent();
    onOrder(order);
  };
  const confirmation = { onClose, keep: t("app.cancel"), isPending: false, error: null };
  return (
    <>
      <ConfirmDialog
        {...confirmation}
        isOpen={question === "delete"}
        title={t("library.bulk.deleteTitle", { count: jobs.length })}
        confirm={t("jobs.deleteConfirm")}
        onConfirm={() => {
          give({ kind: "delete", jobs });
        }}
      >
        <p>{t("library.bulk.deleteBody")}</p>
      </ConfirmDialog>
      <ConfirmDialog
        {...confirmation}
        isOpen={question === "cancel"}
        keep={t("app.close")}
        title={t("library.bulk.cancelTitle", { count: cancellable.length })}
        confirm={t("library.bulk.cancelConfirm")}
        onConfirm={() => {
          give({ kind: "cancel", jobs: cancellable });
        }}
      >
        <p>{t("library.bulk.cancelBody")}</p>
      </ConfirmDialog>
      <TagManyDialog
        jobs={readable}
        isOpen={question === "tag"}
        onClose={onClose}
        onSave={(tags) => {
          give({ kind: "tag", jobs: readable, tags });
        }}
      />
      <ExportDialog jobs={readable} isOpen={question === "export"} onClose={onClose} />
    </>
  );
}
