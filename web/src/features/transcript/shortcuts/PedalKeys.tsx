import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { isTextKey, nameKey } from "./keys";
import { KeyName } from "./KeyName";
import { bindPedal, keySettings, type PedalAction, pedalActions } from "./pedal";
import classes from "./PedalKeys.module.css";

/** Teaches the screen which keys a foot pedal sends. */
export function PedalKeys() {
  const { t } = useTranslation();
  const { pedal } = useObservable(keySettings);
  const [learning, setLearning] = useState<PedalAction>();
  const [refused, setRefused] = useState<string>();

  const learn = (event: KeyboardEvent) => {
    if (!learning || event.key === "Tab") return;
    // Also keeps Escape from closing the dialog: it ends the learning alone.
    event.preventDefault();
    event.stopPropagation();
    const name = nameKey(event.nativeEvent);
    if (name === undefined) return;
    const isKept = !isTextKey(name);
    if (isKept) bindPedal(learning, name);
    setRefused(isKept || name === "Escape" ? undefined : name);
    if (isKept || name === "Escape") setLearning(undefined);
  };
  return (
    <section className={classes["pedal"]}>
      <h3 className={classes["heading"]}>{t("shortcuts.pedal.title")}</h3>
      <p className={classes["lead"]}>{t("shortcuts.pedal.lead")}</p>
      {pedalActions.map((action) => {
        const label = t(`shortcuts.pedal.action.${action}`);
        const key = pedal[action];
        return (
          <div key={action} className={classes["entry"]}>
            <span className={classes["label"]}>{label}</span>
            {key !== undefined && learning !== action && (
              <>
                <KeyName name={key} />
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t("shortcuts.pedal.forget", { action: label })}
                  onClick={() => {
                    bindPedal(action, undefined);
                  }}
                >
                  <IconX size={16} aria-hidden="true" />
                </ActionIcon>
              </>
            )}
            <Button
              variant={learning === action ? "filled" : "default"}
              size="compact-sm"
              aria-label={t("shortcuts.pedal.chooseFor", { action: label })}
              onClick={() => {
                setRefused(undefined);
                setLearning(action);
              }}
              onKeyDown={learn}
              onBlur={() => {
                setLearning(undefined);
              }}
            >
              {t(learning === action ? "shortcuts.pedal.press" : "shortcuts.pedal.choose")}
            </Button>
          </div>
        );
      })}
      <p role="status" className={classes["status"]}>
        {learning && t("shortcuts.pedal.waiting")}{" "}
        {refused !== undefined && t("shortcuts.pedal.refused", { key: refused })}
      </p>
    </section>
  );
}
