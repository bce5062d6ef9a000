import { Button, Fieldset, NumberInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import classes from "./SubtitleLimits.module.css";
import { isWithin, limitBounds, limitNames, type Limits, usualLimits } from "./subtitle-limits";

interface SubtitleLimitsProps {
  limits: Limits;
  onChange: (limits: Limits) => void;
}

/** How long, how fast and how close together subtitles may be. */
export function SubtitleLimits({ limits, onChange }: SubtitleLimitsProps) {
  const { t } = useTranslation();
  // The fields keep what is being typed themselves; going back to the usual needs new ones.
  const [round, setRound] = useState(0);
  const isUsual = limitNames.every((name) => limits[name] === usualLimits[name]);
  return (
    <Fieldset
      legend={t("exporting.limits")}
      variant="unstyled"
      classNames={{ legend: classes["legend"] ?? "" }}
    >
      <p className={classes["hint"]}>{t("exporting.limitsHint")}</p>
      <div className={classes["fields"]} key={round}>
        {limitNames.map((name) => {
          const { min, max, step, decimals } = limitBounds[name];
          return (
            <NumberInput
              key={name}
              label={t(`exporting.limit.${name}`)}
              size="sm"
              hideControls
              min={min}
              max={max}
              step={step}
              allowDecimal={decimals > 0}
              decimalScale={decimals}
              allowNegative={false}
              defaultValue={limits[name]}
              onChange={(value) => {
                // Half-typed numbers wait; the field itself comes back into its bounds when it is left.
                if (isWithin(name, value)) onChange({ ...limits, [name]: value });
              }}
            />
          );
        })}
      </div>
      <Button
        variant="default"
        size="compact-sm"
        className={classes["usual"]}
        disabled={isUsual}
        onClick={() => {
          setRound(round + 1);
          onChange(usualLimits);
        }}
      >
        {t("exporting.usualLimits")}
      </Button>
    </Fieldset>
  );
}
