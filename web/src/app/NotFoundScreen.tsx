import { IconMapQuestion } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "@/components/ui/LinkButton";
import { StatePanel } from "@/components/ui/StatePanel";

export function NotFoundScreen() {
  const { t } = useTranslation();
  return (
    <main>
      <StatePanel
        icon={<IconMapQuestion />}
        title={t("app.notFoundTitle")}
        hint={t("app.notFoundHint")}
        action={<LinkButton to="/library">{t("app.goToLibrary")}</LinkButton>}
      />
    </main>
  );
}
