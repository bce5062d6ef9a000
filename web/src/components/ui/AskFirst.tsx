import { Button, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { focusContent } from "@/lib/focus";
import { ConfirmDialog } from "./ConfirmDialog";

interface AskFirstProps extends Pick<ButtonProps, "size"> {
  label: string;
  /** The label for those who do not see what it stands beside. */
  fullLabel?: string;
  title: string;
  body: string;
  confirm: string;
  /** Asks the service. */
  call: () => Promise<unknown>;
  /** Asks for what is shown anew. */
  refresh: () => Promise<unknown>;
}

/** A button that takes something away, after a question. */
export function AskFirst(props: AskFirstProps) {
  const { label, fullLabel, title, body, confirm, call, refresh, size = "sm" } = props;
  const { t } = useTranslation();
  const [isAsking, dialog] = useDisclosure(false);
  const loss = useMutation({
    mutationFn: call,
    onSuccess: async () => {
      await refresh();
      dialog.close();
      // The button goes with what it stood beside.
      focusContent();
    },
  });
  const close = () => {
    dialog.close();
    if (!loss.isError) return;
    // A refusal may tell of a change made elsewhere; it was read now.
    loss.reset();
    void refresh();
  };
  return (
    <>
      <Button variant="default" size={size} aria-label={fullLabel} onClick={dialog.open}>
        {label}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        onClose={close}
        title={title}
        confirm={confirm}
        keep={t("app.cancel")}
        isPending={loss.isPending}
        error={loss.error}
        onConfirm={() => {
          loss.mutate();
        }}
      >
        <p>{body}</p>
      </ConfirmDialog>
    </>
  );
}
