import { ActionIcon } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "@/components/ui/ConfirmDialog";
import { focusContent } from "@/lib/focus";
import { isUnderWay, type UploadItem } from "./upload-item";
import { isGone } from "./upload-queue";
import { uploads } from "./uploads";

/** What may be done to a file in its present state. */
export function UploadActions({ item }: { item: UploadItem }) {
  const { t } = useTranslation();
  const [isAsking, dialog] = useDisclosure(false);
  const { id, name, state } = item;
  const remove = () => {
    dialog.close();
    void uploads.remove(id);
    focusContent();
  };
  if (state === "finishing" || state === "stopping") return null;
  return (
    <>
      {(state === "waiting" || state === "sending") && (
        <Action
          label={t("sending.pause", { name })}
          icon={<IconPlayerPause size={18} aria-hidden="true" />}
          onClick={() => {
            uploads.pause(id);
          }}
        />
      )}
      {state === "paused" && (
        <Action
          label={t("sending.resume", { name })}
          icon={<IconPlayerPlay size={18} aria-hidden="true" />}
          onClick={() => {
            uploads.enqueue(id);
          }}
        />
      )}
      {state === "failed" && (
        <Action
          label={t(isGone(item.error) ? "sending.restart" : "sending.retry", { name })}
          icon={<IconRefresh size={18} aria-hidden="true" />}
          onClick={() => {
            uploads.retry(id);
          }}
        />
      )}
      <Action
        label={t(isUnderWay(item) || state === "paused" ? "sending.cancel" : "sending.remove", {
          name,
        })}
        icon={<IconX size={18} aria-hidden="true" />}
        // What took long to send is not lost by a slip.
        onClick={item.keptBytes > 0 && !isGone(item.error) ? dialog.open : remove}
      />
      <ConfirmDialog
        isOpen={isAsking}
        onClose={dialog.close}
        title={t("sending.stopTitle")}
        confirm={t("sending.stopConfirm")}
        keep={t("sending.keep")}
        onConfirm={remove}
        isPending={false}
        error={null}
      >
        <p>{t("sending.stopBody", { name })}</p>
      </ConfirmDialog>
    </>
  );
}

interface ActionProps {
  label: string;
  icon: ReactNode;
  onClick: () => void;
}

function Action({ label, icon, onClick }: ActionProps) {
  return (
    <ActionIcon variant="subtle" color="gray" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </ActionIcon>
  );
}
