import { Alert, Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { describeProblem } from "@/lib/describe-problem";
import { ErrorPanel } from "./ErrorPanel";
import classes from "./ListPanel.module.css";
import { LoadingRows } from "./LoadingRows";

/** What a list needs of its query, whether it comes in pages or at once. */
interface ListQuery {
  error: unknown;
  refetch: () => Promise<unknown>;
  hasNextPage?: boolean;
  isFetchingNextPage?: boolean;
  fetchNextPage?: () => Promise<unknown>;
}

interface ListPanelProps<Item> {
  query: ListQuery;
  /** Undefined before the first answer. */
  items: readonly Item[] | undefined;
  label: string;
  loading: string;
  errorTitle: string;
  empty: ReactNode;
  children: (item: Item) => ReactNode;
}

/** A list in whichever state it is: on its way, failed, empty, or there. */
export function ListPanel<Item>(props: ListPanelProps<Item>) {
  const { query, items, label, loading, errorTitle, empty, children } = props;
  const { t } = useTranslation();
  const retry = () => void query.refetch();
  if (!items) {
    if (query.error === null) return <LoadingRows label={loading} rows={3} />;
    return <ErrorPanel title={errorTitle} error={query.error} onRetry={retry} isPart />;
  }
  return (
    <>
      {query.error !== null && (
        <Alert color="red" variant="light" role="alert">
          {describeProblem(query.error, t)}
        </Alert>
      )}
      {items.length === 0 ? (
        empty
      ) : (
        <ul className={classes["list"]} aria-label={label}>
          {items.map(children)}
        </ul>
      )}
      {query.hasNextPage && (
        <Button
          variant="default"
          className={classes["more"]}
          loading={query.isFetchingNextPage ?? false}
          onClick={() => void query.fetchNextPage?.()}
        >
          {t("app.more")}
        </Button>
      )}
    </>
  );
}
