import { IconHistory, IconReplace } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { FindPanel } from "./finding/FindPanel";
import { focusFindField } from "./finding/find-field";
import { HistoryPanel } from "./history/HistoryPanel";
import type { Panel } from "./panels/panels";
import { useSegments } from "./segments/use-segments";
import { useShortcuts } from "./shortcuts/shortcuts";
import { useTranscript } from "./TranscriptContext";
import { useOpenTranscript } from "./use-open-transcript";

/** The panels of finding and of the history, and the key that opens the first. */
export function useToolPanels(): readonly Panel[] {
  const { t } = useTranslation();
  const { panel } = useTranscript();
  const shortcuts = useMemo(
    () => [
      {
        id: "find",
        group: "panels" as const,
        label: t("finding.title"),
        keys: ["Mod+F"],
        run: () => {
          panel.set("find");
          focusFindField();
        },
      },
    ],
    [t, panel],
  );
  useShortcuts(shortcuts);
  return useMemo(
    () => [
      {
        id: "find",
        title: t("finding.title"),
        icon: <IconReplace size={18} aria-hidden="true" />,
        render: () => <Finding />,
      },
      {
        id: "history",
        title: t("history.title"),
        icon: <IconHistory size={18} aria-hidden="true" />,
        render: () => <History />,
      },
    ],
    [t],
  );
}

function Finding() {
  const { segments } = useTranscript();
  const { rows } = useSegments(segments);
  return <FindPanel transcript={useOpenTranscript()} rows={rows} />;
}

function History() {
  return <HistoryPanel transcript={useOpenTranscript()} />;
}
