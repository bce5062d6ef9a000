import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { ValidationHealth } from "@/api/generated";
import {
  readSystemHealthQueryKey,
  validateModelsMutation,
} from "@/api/generated/@tanstack/react-query.gen";
import { formatMomentWithTime } from "@/lib/quantities";
import { Ask } from "./Ask";
import classes from "./FigureCard.module.css";

/** Has every process look at the staged models again. */
export function CheckAgain() {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const validate = useMutation({
    ...validateModelsMutation(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: readSystemHealthQueryKey() }),
  });
  return (
    <Ask
      label={t("figures.models.check")}
      done={t("figures.models.checkAsked")}
      isPending={validate.isPending}
      isSuccess={validate.isSuccess}
      error={validate.error}
      onAsk={() => {
        validate.mutate({});
      }}
    />
  );
}

/** How far the last look at all models is. */
export function ValidationNote({ validation }: { validation: ValidationHealth }) {
  const { t, i18n } = useTranslation();
  const { ended_at: ended, waits_for: waitsFor, requested_at: asked } = validation;
  const moment = formatMomentWithTime(ended ?? asked, i18n.language);
  const tell = () => {
    if (waitsFor.length > 0) {
      return t("figures.models.checkWaits", { count: waitsFor.length, moment });
    }
    return ended === null
      ? t("figures.models.checkedByNobody", { moment })
      : t("figures.models.checkedByAll", { moment });
  };
  return <p className={classes["lead"]}>{tell()}</p>;
}
