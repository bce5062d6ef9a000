import { useTranslation } from "react-i18next";
import { explainAction } from "./acts";

/** Tells what was done in the reader's words; an act without words by its own name. */
export function useActWords(): (action: string) => string {
  const { t } = useTranslation();
  return (action) => {
    const name = explainAction(action);
    return name ? t(`acts.action.${name}`) : action;
  };
}
