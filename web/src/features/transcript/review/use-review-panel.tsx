import { IconEyeCheck } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Panel } from "../panels/panels";
import { REVIEW_PANEL } from "./queue";
import { ReviewPanel } from "./ReviewPanel";

/** The review queue as a panel beside the text. */
export function useReviewPanel(): Panel {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      id: REVIEW_PANEL,
      title: t("review.title"),
      icon: <IconEyeCheck size={18} aria-hidden="true" />,
      render: () => <ReviewPanel />,
    }),
    [t],
  );
}
