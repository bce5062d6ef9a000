import { Button, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Section } from "@/components/ui/Section";
import { ChangePasswordDialog } from "./ChangePasswordDialog";
import { KeySection } from "./KeySection";
import { SessionSection } from "./SessionSection";

/** What opens one's account, and closing it: sign-ins, keys, the password. */
export function AccountScreen() {
  const { t } = useTranslation();
  const [isChanging, dialog] = useDisclosure(false);
  return (
    <>
      <Title order={1}>{t("account.title")}</Title>
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
      {isChanging && <ChangePasswordDialog onClose={dialog.close} />}
    </>
  );
}
