import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { getMeOptions } from "@/api/generated/@tanstack/react-query.gen";
import { LoadingRows } from "@/components/ui/LoadingRows";
import { PageTitle } from "@/components/ui/PageTitle";
import { AccountSection } from "./AccountSection";
import { InvitationSection } from "./InvitationSection";

/** Who may use the service, for administrators. */
export function PeopleScreen() {
  const { t } = useTranslation();
  const { data: me } = useQuery(getMeOptions());
  if (!me) return <LoadingRows label={t("people.loading")} />;
  return (
    <>
      <PageTitle>{t("people.title")}</PageTitle>
      <AccountSection myId={me.user_id} />
      <InvitationSection />
    </>
  );
}
