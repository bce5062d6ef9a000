import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listKeysOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ListPanel } from "@/components/ui/ListPanel";
import { Section } from "@/components/ui/Section";
import { StatePanel } from "@/components/ui/StatePanel";
import { KeyRow } from "./KeyRow";
import { MakeKeyDialog } from "./MakeKeyDialog";

/** The keys with which programs act for the account. */
export function KeySection() {
  const { t } = useTranslation();
  const keys = useQuery(listKeysOptions());
  const [isMaking, dialog] = useDisclosure(false);
  return (
    <Section
      title={t("keys.title")}
      lead={t("keys.lead")}
      action={<Button onClick={dialog.open}>{t("keys.make")}</Button>}
    >
      <ListPanel
        query={keys}
        items={keys.data?.items}
        label={t("keys.list")}
        loading={t("keys.loading")}
        errorTitle={t("keys.errorTitle")}
        empty={
          <StatePanel
            isPart
            icon={<IconKey />}
            title={t("keys.emptyTitle")}
            hint={t("keys.emptyHint")}
          />
        }
      >
        {(key) => <KeyRow key={key.id} apiKey={key} />}
      </ListPanel>
      {isMaking && <MakeKeyDialog onClose={dialog.close} />}
    </Section>
  );
}
