import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createKeyMutation, listKeysQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { Dialog } from "@/components/ui/Dialog";
import { ShownOnce } from "@/components/ui/ShownOnce";
import { useIdempotencyKey } from "@/lib/use-idempotency-key";
import { MakeKeyForm } from "./MakeKeyForm";

/** Asks what a key shall open, then shows it this once. Open for as long as it is rendered. */
export function MakeKeyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const keyOf = useIdempotencyKey();
  const make = useMutation({
    ...createKeyMutation(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: listKeysQueryKey() }),
  });
  return (
    <Dialog isOpen onClose={onClose} title={t("keys.make")} isHeld={make.isSuccess}>
      {make.isSuccess ? (
        <ShownOnce
          label={t("keys.secret")}
          secret={make.data.secret}
          hint={t("keys.secretHint")}
          onDone={onClose}
        />
      ) : (
        <MakeKeyForm
          error={make.error}
          isPending={make.isPending}
          onSubmit={(body) => {
            make.mutate({ body, headers: { "Idempotency-Key": keyOf(body) } });
          }}
        />
      )}
    </Dialog>
  );
}
