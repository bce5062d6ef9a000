import { NativeSelect } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { useLanguage } from "@/lib/use-language";
import { MAX_RATE, MIN_RATE, type Player, RATE_STEP } from "./player";
import classes from "./RateChoice.module.css";

const rates = Array.from(
  { length: (MAX_RATE - MIN_RATE) / RATE_STEP + 1 },
  (_, step) => MIN_RATE + step * RATE_STEP,
);

/** How fast it plays; voices keep their pitch. */
export function RateChoice({ player }: { player: Player }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { rate } = useObservable(player.state);
  const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 2 });
  return (
    <NativeSelect
      size="xs"
      aria-label={t("player.speed")}
      classNames={{ input: classes["input"] ?? "" }}
      value={String(rate)}
      data={rates.map((each) => ({ value: String(each), label: `${numbers.format(each)}×` }))}
      onChange={(event) => {
        player.setRate(Number(event.currentTarget.value));
      }}
    />
  );
}
