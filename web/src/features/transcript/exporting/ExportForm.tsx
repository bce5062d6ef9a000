import { Checkbox, Fieldset } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Choice } from "@/components/ui/Choice";
import classes from "./ExportForm.module.css";
import {
  choosableParts,
  choosePart,
  type ExportFormat,
  exportFormats,
  type ExportSettings,
  isSubtitle,
} from "./export-settings";
import { SubtitleLimits } from "./SubtitleLimits";

interface ExportFormProps {
  settings: ExportSettings;
  onChange: (settings: ExportSettings) => void;
}

/** What can be chosen for a file of the chosen format. */
export function ExportForm({ settings, onChange }: ExportFormProps) {
  const { t } = useTranslation();
  const { format, limits } = settings;
  return (
    <div className={classes["form"]}>
      <Choice
        label={t("exporting.format")}
        data={exportFormats.map((each) => ({
          value: each,
          label: `${t(`exporting.formats.${each}`)} (.${each})`,
        }))}
        value={format}
        onChange={(chosen) => {
          onChange({ ...settings, format: chosen as ExportFormat });
        }}
        data-autofocus
      />
      <Fieldset
        legend={t("exporting.shows")}
        variant="unstyled"
        classNames={{ legend: classes["legend"] ?? "" }}
      >
        <div className={classes["parts"]}>
          {choosableParts(settings).map(([part, isShown]) => (
            <Checkbox
              key={part}
              label={t(`exporting.part.${part}`)}
              checked={isShown}
              onChange={(event) => {
                onChange(choosePart(settings, part, event.currentTarget.checked));
              }}
            />
          ))}
        </div>
      </Fieldset>
      {isSubtitle(format) && (
        <SubtitleLimits
          limits={limits}
          onChange={(chosen) => {
            onChange({ ...settings, limits: chosen });
          }}
        />
      )}
    </div>
  );
}
