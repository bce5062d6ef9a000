import { Button } from "@mantine/core";
import { useTimeout } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "@/lib/clipboard";

const SHOWN_MS = 2_000;

interface CopyButtonProps {
  label: string;
  /** Asked only when the button is used: a transcript's text may be long. */
  readText: () => string | Promise<string>;
}

/** Copies plain text and says whether the browser let it. */
export function CopyButton({ label, readText }: CopyButtonProps) {
  const { t } = useTranslation();
  const [outcome, setOutcome] = useState<"copied" | "refused">();
  const { start } = useTimeout(() => {
    setOutcome(undefined);
  }, SHOWN_MS);

  const copy = async () => {
    setOutcome((await copyText(await readText())) ? "copied" : "refused");
    start();
  };

  const shown = outcome === "copied" ? t("app.copied") : label;
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
      <span aria-live="polite">{outcome === "refused" ? t("app.copyFailed") : shown}</span>
    </Button>
  );
}
