import { Alert, Button } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { SessionRead } from "@/api/generated";
import {
  endSessionMutation,
  listSessionsInfiniteQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { ListRow } from "@/components/ui/ListRow";
import { Tag } from "@/components/ui/Tag";
import { describeProblem } from "@/lib/describe-problem";
import { focusContent } from "@/lib/focus";
import { formatMoment } from "@/lib/quantities";
import { readBrowser } from "./browsers";

/** One sign-in; the one that shows the page is ended by signing out. */
export function SessionRow({ session }: { session: SessionRead }) {
  const { t, i18n } = useTranslation();
  const tell = (moment: string) => formatMoment(moment, i18n.language);
  const browser = session.device === null ? undefined : readBrowser(session.device);
  const device = browser
    ? t("sessions.browserOn", browser)
    : (session.device ?? t("sessions.unknownDevice"));
  return (
    <ListRow
      title={device}
      exact={session.device ?? undefined}
      badges={
        <>
          {session.is_current && <Tag tone="accent">{t("sessions.current")}</Tag>}
          {session.kind === "bearer" && <Tag>{t("sessions.program")}</Tag>}
        </>
      }
      facts={[
        session.address ?? false,
        t("sessions.since", { moment: tell(session.created_at) }),
        t("sessions.used", { moment: tell(session.last_used_at) }),
        t("sessions.until", { moment: tell(session.expires_at) }),
      ]}
      action={!session.is_current && <EndSession session={session} device={device} />}
    />
  );
}

function EndSession({ session, device }: { session: SessionRead; device: string }) {
  const { t, i18n } = useTranslation();
  const queryClient = useQueryClient();
  const end = useMutation({
    ...endSessionMutation(),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: listSessionsInfiniteQueryKey() });
      // The button goes with its row.
      focusContent();
    },
  });
  const moment = formatMoment(session.created_at, i18n.language);
  return (
    <>
      {end.isError && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(end.error, t)}
        </Alert>
      )}
      <Button
        variant="default"
        size="xs"
        loading={end.isPending}
        aria-label={t("sessions.endOf", { device, moment })}
        onClick={() => {
          end.mutate({ path: { session_id: session.id } });
        }}
      >
        {t("sessions.end")}
      </Button>
    </>
  );
}
