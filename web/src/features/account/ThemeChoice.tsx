import { type MantineColorScheme, SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSavePreferences } from "@/components/preferences/use-preferences";
import { NotKept } from "./NotKept";

/** Light, dark, or whatever the system says; kept with the account. */
export function ThemeChoice() {
  const { t } = useTranslation();
  // Suppressing transitions would take a style element, which the content security policy forbids.
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  const save = useSavePreferences();
  return (
    <>
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
        onChange={(theme) => {
          setColorScheme(theme);
          save.mutate({ theme });
        }}
      />
      <NotKept error={save.error} />
    </>
  );
}
