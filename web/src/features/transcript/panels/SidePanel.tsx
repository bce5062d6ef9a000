import { CloseButton, Drawer, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { useTranscript } from "../TranscriptContext";
import type { Panel } from "./panels";
import classes from "./SidePanel.module.css";

/** As wide as text and panel need beside each other. */
const WIDE = "(min-width: 62em)";

/** The open panel: beside the text, or over it where there is no room. */
export function SidePanel({ panels }: { panels: readonly Panel[] }) {
  const { t } = useTranslation();
  const { panel } = useTranscript();
  const id = useObservable(panel);
  const isWide = useMediaQuery(WIDE, true);
  const open = panels.find((each) => each.id === id);
  if (!open) return null;
  const close = () => {
    panel.set(undefined);
  };
  if (!isWide) {
    return (
      <Drawer
        opened
        onClose={close}
        position="right"
        title={open.title}
        lockScroll={false}
        overlayProps={{ "data-locks-scroll": true } as object}
        closeButtonProps={{ "aria-label": t("app.close") }}
      >
        {open.render()}
      </Drawer>
    );
  }
  return (
    <div className={classes["place"]} data-beside>
      <aside className={classes["panel"]} aria-label={open.title}>
        <div className={classes["heading"]}>
          <Title order={2} className={classes["title"]}>
            {open.title}
          </Title>
          <CloseButton aria-label={t("app.close")} onClick={close} />
        </div>
        {open.render()}
      </aside>
    </div>
  );
}
