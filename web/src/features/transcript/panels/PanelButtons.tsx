import { ActionIcon, Tooltip } from "@mantine/core";
import { useObservable } from "@/lib/observable";
import { useTranscript } from "../TranscriptContext";
import type { Panel } from "./panels";

/** Opens and closes the panels. */
export function PanelButtons({ panels }: { panels: readonly Panel[] }) {
  const { panel } = useTranscript();
  const open = useObservable(panel);
  return panels.map(({ id, title, icon }) => (
    <Tooltip key={id} label={title}>
      <ActionIcon
        variant={open === id ? "light" : "default"}
        size={36}
        aria-label={title}
        aria-expanded={open === id}
        onClick={() => {
          panel.set(open === id ? undefined : id);
        }}
      >
        {icon}
      </ActionIcon>
    </Tooltip>
  ));
}
