import { Alert, Button, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { listUploadsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { describeProblem } from "@/lib/describe-problem";
import { UnfinishedRow } from "./UnfinishedRow";
import type { UploadItem } from "./upload-item";
import classes from "./UploadList.module.css";
import { unfinished } from "./uploads";

const MOST = 200;

/** Uploads that were begun before, here or in another browser, and need their file. */
export function UnfinishedSection({ items }: { items: readonly UploadItem[] }) {
  const { t } = useTranslation();
  const listed = useQuery(listUploadsOptions({ query: { state: ["receiving"], limit: MOST } }));

  useEffect(() => {
    if (listed.data) void unfinished.adopt(listed.data.items);
  }, [listed.data]);

  return (
    <>
      {listed.isError && (
        <Alert color="red" variant="light" role="alert" title={t("unfinished.errorTitle")}>
          {describeProblem(listed.error, t)}{" "}
          <Button variant="subtle" size="compact-sm" onClick={() => void listed.refetch()}>
            {t("app.retry")}
          </Button>
        </Alert>
      )}
      {items.length > 0 && (
        <section aria-labelledby="unfinished-title">
          <Title order={2} size="h4" id="unfinished-title">
            {t("unfinished.title")}
          </Title>
          <p className={classes["lead"]}>{t("unfinished.lead")}</p>
          <ul className={classes["list"]}>
            {items.map((item) => (
              <UnfinishedRow key={item.id} item={item} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
