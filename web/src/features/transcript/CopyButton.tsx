import { Button } from "@mantine/core";
import { useTimeout } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { SegmentRead } from "@/api/generated";
import { copyText } from "@/lib/clipboard";
import { joinText } from "./passages";

const SHOWN_MS = 2_000;

/** Copies the plain text and says whether the browser let it. */
export function CopyButton({ segments }: { segments: readonly SegmentRead[] }) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  const { start } = useTimeout(() => {
    setOutcome(undefined);
  }, SHOWN_MS);

  const copy = async () => {
    setOutcome((await copyText(joinText(segments))) ? "copied" : "refused");
    start();
  };

  const label = outcome === "copied" ? t("transcript.copied") : t("transcript.copy");
  return (
    <Button
      variant="default"
      leftSection={
        outcome === "copied" ? (
          <IconCheck size={16} aria-hidden="true" />
        ) : (
          <IconCopy size={16} aria-hidden="true" />
        )
      }
      onClick={() => void copy()}
    >
      <span aria-live="polite">{outcome === "refused" ? t("transcript.copyFailed") : label}</span>
    </Button>
  );
}
