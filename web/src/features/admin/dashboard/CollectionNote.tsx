import { Alert } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { CollectedRead, CollectionRead } from "@/api/generated";
import {
  collectGarbageMutation,
  readSystemHealthQueryKey,
} from "@/api/generated/@tanstack/react-query.gen";
import { formatMomentWithTime } from "@/lib/quantities";
import { Ask } from "./Ask";
import { FigureTable } from "./Figures";
import classes from "./StorageCard.module.css";
import { useFigureWords } from "./use-figure-words";

const kinds = [
  "jobs",
  "recordings",
  "expired_uploads",
  "cleaned_uploads",
  "forgotten_uploads",
  "objects",
  "orphans",
  "idempotency_keys",
  "deletion_events",
  "audit_entries",
] as const satisfies readonly (keyof CollectedRead)[];

type MaybeCollection = CollectionRead | null | undefined;

/** Asks for a collection, one at a time. */
export function RunCollection({ collection }: { collection: MaybeCollection }) {
  const { t } = useTranslation();
  const queryClient = useQueryClient();
  const collect = useMutation({
    ...collectGarbageMutation(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: readSystemHealthQueryKey() }),
  });
  return (
    <Ask
      label={t("figures.storage.collect")}
      done={t("figures.storage.collectAsked")}
      isOpen={collection?.ended_at === null}
      isPending={collect.isPending}
      isSuccess={collect.isSuccess}
      error={collect.error}
      onAsk={() => {
        collect.mutate({});
      }}
    />
  );
}

/** How far the last collection is, and what it removed. */
export function CollectionNote({ collection }: { collection: CollectionRead }) {
  const { t, i18n } = useTranslation();
  const { count } = useFigureWords();
  const { requested_at: asked, started_at: began, ended_at: ended, counts } = collection;
  const tell = (moment: string) => formatMomentWithTime(moment, i18n.language);
  if (ended === null) {
    const note =
      began === null
        ? t("figures.storage.collectWaits", { moment: tell(asked) })
        : t("figures.storage.collecting", { moment: tell(began) });
    return <p className={classes["line"]}>{note}</p>;
  }
  const removed = counts === null ? [] : kinds.filter((kind) => counts[kind] > 0);
  return (
    <>
      <p className={classes["line"]}>
        {removed.length === 0
          ? t("figures.storage.collectedNothing", { moment: tell(ended) })
          : t("figures.storage.collected", { moment: tell(ended) })}
      </p>
      {collection.problem !== null && (
        <Alert color="red" variant="light">
          {t("figures.storage.notCollected", { problem: collection.problem })}
        </Alert>
      )}
      {removed.length > 0 && (
        <FigureTable
          label={t("figures.storage.removed")}
          columns={[t("figures.storage.kind"), t("figures.storage.removedCount")]}
          rows={removed.map((kind) => ({
            key: kind,
            cells: [t(`figures.storage.kinds.${kind}`), count(counts?.[kind])],
          }))}
        />
      )}
    </>
  );
}
