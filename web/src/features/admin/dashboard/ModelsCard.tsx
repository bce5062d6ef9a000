import { useTranslation } from "react-i18next";
import type { ModelHealth, SystemHealth } from "@/api/generated";
import { Tag } from "@/components/ui/Tag";
import { UNKNOWN } from "@/lib/figures";
import { formatMomentWithTime } from "@/lib/quantities";
import { FigureCard } from "./FigureCard";
import { FigureTable } from "./Figures";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";
import { CheckAgain, ValidationNote } from "./ValidationNote";

const tones = { valid: "accent", damaged: "off", missing: "off", unchecked: "plain" } as const;

/** Each staged model, as its validation found it. */
export function ModelsCard({ system }: { system: Told<SystemHealth> }) {
  const { t } = useTranslation();
  return (
    <FigureCard
      title={t("figures.models.title")}
      query={system}
      isWide
      more={<CheckAgain />}
      tellEmpty={({ models, models_problem: problem }) =>
        models.length === 0 ? (problem ?? t("figures.models.none")) : undefined
      }
    >
      {({ models, validation }) => (
        <>
          {validation && <ValidationNote validation={validation} />}
          <Models models={models} />
        </>
      )}
    </FigureCard>
  );
}

function Models({ models }: { models: readonly ModelHealth[] }) {
  const { t, i18n } = useTranslation();
  const { bytes, count } = useFigureWords();
  const answer = (value: boolean | null) => {
    if (value === null) return UNKNOWN;
    return value ? t("figures.yes") : t("figures.no");
  };
  return (
    <FigureTable
      label={t("figures.models.title")}
      words={6}
      columns={[
        t("figures.model"),
        t("figures.models.found"),
        t("figures.models.readable"),
        t("figures.models.checksum"),
        t("figures.models.converted"),
        t("figures.models.examined"),
        t("figures.models.loaded"),
        t("figures.models.size"),
      ]}
      rows={models.map((model) => ({
        key: model.name,
        cells: [
          <span key="name">
            {model.name} {model.is_default && <Tag>{t("figures.models.usual")}</Tag>}
          </span>,
          <span key="state">
            <Tag tone={tones[model.state]}>{t(`figures.models.state.${model.state}`)}</Tag>{" "}
            {model.problem ?? model.warning}
            <Refusals model={model} />
          </span>,
          answer(model.is_readable),
          model.checksum === null ? UNKNOWN : t(`figures.models.sum.${model.checksum}`),
          answer(model.is_converted),
          model.examined_at === null
            ? UNKNOWN
            : formatMomentWithTime(model.examined_at, i18n.language),
          count(model.loaded_by.length),
          bytes(model.size_bytes),
        ],
      }))}
    />
  );
}

/** What workers found, where it keeps them from the model. */
function Refusals({ model: { refused_by: refusals, problem } }: { model: ModelHealth }) {
  const { t } = useTranslation();
  if (refusals.length === 0) return null;
  // Mostly it is what this process found as well.
  const reasons = [...new Set(refusals.map((each) => each.problem))].filter(
    (reason) => reason !== problem,
  );
  return (
    <>
      {" "}
      {t("figures.models.refused", { count: refusals.length })} {reasons.join(" ")}
    </>
  );
}
