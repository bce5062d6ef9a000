import { Alert, Progress } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DiskRead, StoredRead, SystemHealth } from "@/api/generated";
import { shorten } from "../account-names";
import { CollectionNote, RunCollection } from "./CollectionNote";
import { FigureCard } from "./FigureCard";
import { Figures, FigureTable } from "./Figures";
import classes from "./StorageCard.module.css";
import type { Told } from "./figures";
import { useFigureWords } from "./use-figure-words";

/** How full the disks are, what lies there, and whose most of it is. */
export function StorageCard({ system }: { system: Told<SystemHealth> }) {
  const { t } = useTranslation();
  return (
    <FigureCard
      title={t("figures.storage.title")}
      query={system}
      isWide
      more={<RunCollection collection={system.data?.storage.collection} />}
    >
      {({ storage }) => (
        <>
          {storage.problem !== null && (
            <Alert color="red" variant="light">
              {storage.problem}
            </Alert>
          )}
          {storage.disks.map((disk) => (
            <Disk key={disk.places.join()} disk={disk} />
          ))}
          {storage.stored ? (
            <Stored stored={storage.stored} />
          ) : (
            <p className={classes["line"]}>{t("figures.storage.notTold")}</p>
          )}
          {storage.collection && <CollectionNote collection={storage.collection} />}
        </>
      )}
    </FigureCard>
  );
}

function Disk({ disk }: { disk: DiskRead }) {
  const { t } = useTranslation();
  const { bytes } = useFigureWords();
  const places = disk.places.map((place) => t(`figures.storage.place.${place}`)).join(", ");
  const used = disk.total_bytes - disk.free_bytes;
  return (
    <div className={classes["disk"]}>
      <div className={classes["line"]}>
        <span>{t("figures.storage.disk", { places })}</span>
        <span>
          {t("figures.storage.free", {
            free: bytes(disk.free_bytes),
            total: bytes(disk.total_bytes),
          })}
        </span>
      </div>
      <Progress.Root>
        <Progress.Section
          value={disk.total_bytes === 0 ? 0 : (100 * used) / disk.total_bytes}
          {...(disk.is_low && { color: "red.8" })}
          aria-label={t("figures.storage.used", { places })}
        />
      </Progress.Root>
      {disk.is_low && (
        <span className={classes["low"]}>
          {t("figures.storage.low", { bytes: bytes(disk.low_water_bytes) })}
        </span>
      )}
    </div>
  );
}

function Stored({ stored }: { stored: StoredRead }) {
  const { t } = useTranslation();
  const { bytes, count } = useFigureWords();
  return (
    <>
      <Figures
        items={[
          {
            name: t("figures.storage.recordings"),
            value: bytes(stored.recordings_bytes),
            note: t("figures.storage.pieces", { number: count(stored.recordings) }),
          },
          {
            name: t("figures.storage.uploads"),
            value: bytes(stored.uploads_received_bytes),
            note: t("figures.storage.reserved", {
              number: count(stored.open_uploads),
              bytes: bytes(stored.uploads_reserved_bytes),
            }),
          },
          {
            name: t("figures.storage.transcripts"),
            value: bytes(stored.transcripts_bytes),
            note:
              stored.transcripts_bytes === null
                ? t("figures.storage.sqliteTranscripts", { number: count(stored.transcripts) })
                : t("figures.storage.pieces", { number: count(stored.transcripts) }),
          },
        ]}
      />
      {stored.accounts.length > 0 && (
        <FigureTable
          label={t("figures.storage.accounts")}
          columns={[
            t("figures.storage.account"),
            t("figures.storage.stored"),
            t("figures.storage.promised"),
            t("figures.storage.openUploads"),
          ]}
          rows={stored.accounts.map((each) => ({
            key: each.user_id,
            cells: [
              each.name ?? shorten(each.user_id),
              bytes(each.stored_bytes),
              bytes(each.reserved_bytes),
              count(each.open_uploads),
            ],
          }))}
        />
      )}
    </>
  );
}
