import { useMantineColorScheme } from "@mantine/core";
import { useEffect, useEffectEvent } from "react";
import type { Preferences } from "@/api/generated";
import { changeLanguage } from "@/i18n/setup";
import { usePreferences } from "./use-preferences";

/**
 * Gives the pages the theme and the language that the account chose.  The browser remembers both as
 * well, so that the next visit begins in them; where nothing was chosen, the browser's own hold.
 */
export function usePreferredLooks(): void {
  const { data } = usePreferences();
  // Suppressing transitions would take a style element, which the content security policy forbids.
  const { setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const showTheme = useEffectEvent((theme: NonNullable<Preferences["theme"]>) => {
    setColorScheme(theme);
  });
  const theme = data?.theme;
  const language = data?.language;
  useEffect(() => {
    if (theme) showTheme(theme);
  }, [theme]);
  useEffect(() => {
    if (language) void changeLanguage(language);
  }, [language]);
}
