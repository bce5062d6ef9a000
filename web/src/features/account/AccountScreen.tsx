import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { PageTitle } from "@/components/ui/PageTitle";
import { Section } from "@/components/ui/Section";
import { ActivitySection } from "./ActivitySection";
import { ChangePasswordDialog } from "./ChangePasswordDialog";
import { KeySection } from "./KeySection";
import { PreferenceSection } from "./PreferenceSection";
import { RetentionSection } from "./RetentionSection";
import { SessionSection } from "./SessionSection";
import { UsageSection } from "./UsageSection";

/** Everything about one's own account: how it looks, what it keeps, what opens it, what was done. */
export function AccountScreen() {
  const { t } = useTranslation();
  const [isChanging, dialog] = useDisclosure(false);
  return (
    <>
      <PageTitle>{t("account.title")}</PageTitle>
      <PreferenceSection />
      <UsageSection />
      <RetentionSection />
      <SessionSection />
      <KeySection />
      <Section
        title={t("account.password")}
        lead={t("account.passwordLead")}
        action={
          <Button variant="default" onClick={dialog.open}>
            {t("account.changePassword")}
          </Button>
        }
      />
      <ActivitySection />
      {isChanging && <ChangePasswordDialog onClose={dialog.close} />}
    </>
  );
}
