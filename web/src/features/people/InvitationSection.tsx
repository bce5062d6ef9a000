import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMail } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listInvitationsInfiniteOptions } from "@/api/generated/@tanstack/react-query.gen";
import { ListPanel } from "@/components/ui/ListPanel";
import { Section } from "@/components/ui/Section";
import { StatePanel } from "@/components/ui/StatePanel";
import { nextPage } from "@/lib/paging";
import { InvitationRow } from "./InvitationRow";
import { InviteDialog } from "./InviteDialog";

/** Who was invited, and what became of it. */
export function InvitationSection() {
  const { t } = useTranslation();
  const [isInviting, dialog] = useDisclosure(false);
  const invitations = useInfiniteQuery({
    ...listInvitationsInfiniteOptions(),
    initialPageParam: {},
    getNextPageParam: nextPage,
  });
  return (
    <Section
      title={t("invitations.title")}
      lead={t("invitations.lead")}
      action={<Button onClick={dialog.open}>{t("invitations.invite")}</Button>}
    >
      <ListPanel
        query={invitations}
        items={invitations.data?.pages.flatMap((page) => page.items)}
        label={t("invitations.list")}
        loading={t("invitations.loading")}
        errorTitle={t("invitations.errorTitle")}
        empty={
          <StatePanel
            isPart
            icon={<IconMail />}
            title={t("invitations.emptyTitle")}
            hint={t("invitations.emptyHint")}
          />
        }
      >
        {(invitation) => <InvitationRow key={invitation.id} invitation={invitation} />}
      </ListPanel>
      {isInviting && <InviteDialog onClose={dialog.close} />}
    </Section>
  );
}
