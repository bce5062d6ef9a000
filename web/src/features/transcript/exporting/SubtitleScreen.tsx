import { ActionIcon } from "@mantine/core";
import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { type CSSProperties, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLanguage } from "@/lib/use-language";
import { type Cue, readingSpeed } from "./cues";
import classes from "./SubtitleScreen.module.css";

interface SubtitleScreenProps {
  cues: readonly Cue[];
  language: string;
  /** The longest line that the settings allow. */
  columns: number;
}

/** Subtitles one by one, as they would stand on a picture of 16 to 9. */
export function SubtitleScreen({ cues, language, columns }: SubtitleScreenProps) {
  const { t } = useTranslation();
  const [place, setPlace] = useState(0);
  // Other settings may give fewer.
  const shown = Math.min(place, cues.length - 1);
  const cue = cues[shown];
  const icon = { size: 18, "aria-hidden": true, className: classes["arrow"] };
  return (
    <>
      <div className={classes["picture"]} style={{ "--columns": columns } as CSSProperties}>
        {cue ? (
          <p className={classes["cue"]} lang={language} dir="auto" aria-live="polite">
            {cue.lines.map((line, row) => (
              <span key={row} className={classes["line"]}>
                {line}
              </span>
            ))}
          </p>
        ) : (
          <p className={classes["none"]}>{t("exporting.noCues")}</p>
        )}
      </div>
      {cue && (
        <div className={classes["steps"]}>
          <ActionIcon
            variant="default"
            aria-label={t("exporting.previousCue")}
            disabled={shown === 0}
            onClick={() => {
              setPlace(shown - 1);
            }}
          >
            <IconChevronLeft {...icon} />
          </ActionIcon>
          <ActionIcon
            variant="default"
            aria-label={t("exporting.nextCue")}
            disabled={shown === cues.length - 1}
            onClick={() => {
              setPlace(shown + 1);
            }}
          >
            <IconChevronRight {...icon} />
          </ActionIcon>
          <CueFacts cue={cue} number={shown + 1} count={cues.length} />
        </div>
      )}
    </>
  );
}

function CueFacts({ cue, number, count }: { cue: Cue; number: number; count: number }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const decimal = (value: number, digits: number) =>
    value.toLocaleString(language, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
  return (
    <span className={classes["facts"]}>
      {t("exporting.cueOf", { number, count })}
      {" · "}
      {t("exporting.cueTimes", {
        start: decimal(cue.start, 2),
        end: decimal(cue.end, 2),
      })}
      {" · "}
      {t("exporting.cueSpeed", { speed: decimal(readingSpeed(cue), 1) })}
    </span>
  );
}
