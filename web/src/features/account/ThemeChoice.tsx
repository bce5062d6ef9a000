import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";

/** Light, dark, or whatever the system says. */
export function ThemeChoice() {
  const { t } = useTranslation();
  // Suppressing transitions would take a style element, which the content security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <SegmentedControl<MantineColorScheme>
      size="xs"
      fullWidth
      aria-label={t("account.theme")}
      data={[
        { value: "light", label: t("account.themeLight") },
        { value: "dark", label: t("account.themeDark") },
        { value: "auto", label: t("account.themeAuto") },
      ]}
      value={colorScheme}
      onChange={setColorScheme}
    />
  );
}
