import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import { useObservable } from "@/lib/observable";
import { KeyName } from "./KeyName";
import { changeKeySettings, keySettings } from "./pedal";
import { PedalKeys } from "./PedalKeys";
import { type Shortcut, type ShortcutGroup, useShortcutRegistry } from "./shortcuts";
import classes from "./ShortcutDialog.module.css";

interface ShortcutDialogProps {
  isOpen: boolean;
  onClose: () => void;
}

const groupOrder: readonly ShortcutGroup[] = [
  ...(["playing", "reading", "editing", "review", "panels", "help"] as const),
];

/** Every key that does something on this screen, and keys of one's own. */
export function ShortcutDialog({ isOpen, onClose }: ShortcutDialogProps) {
  const { t } = useTranslation();
  const shortcuts = useObservable(useShortcutRegistry().shortcuts);
  const { hasSingleKeys } = useObservable(keySettings);
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("shortcuts.title")}>
      {groupOrder.map((group) => (
        <ShortcutList
          key={group}
          group={group}
          shortcuts={shortcuts.filter((each) => each.group === group)}
        />
      ))}
      <PedalKeys />
      <Switch
        className={classes["single"]}
        label={t("shortcuts.singleKeys")}
        description={t("shortcuts.singleKeysHint")}
        checked={hasSingleKeys}
        onChange={(event) => {
          changeKeySettings({ hasSingleKeys: event.currentTarget.checked });
        }}
      />
    </Dialog>
  );
}

function ShortcutList({
  group,
  shortcuts,
}: {
  group: ShortcutGroup;
  shortcuts: readonly Shortcut[];
}) {
  const { t } = useTranslation();
  if (shortcuts.length === 0) return null;
  return (
    <section className={classes["group"]}>
      <h3 className={classes["heading"]}>{t(`shortcuts.group.${group}`)}</h3>
      <dl className={classes["list"]}>
        {shortcuts.map(({ id, label, keys }) => (
          <div key={id} className={classes["entry"]}>
            <dt>{label}</dt>
            <dd className={classes["keys"]}>
              {keys.map((name) => (
                <KeyName key={name} name={name} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
