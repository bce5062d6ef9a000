import type { ReactNode } from "react";
import { ErrorPanel } from "./ErrorPanel";
import { LoadingRows } from "./LoadingRows";

interface AnswerProps<Data> {
  query: { data: Data | undefined; error: unknown; refetch: () => Promise<unknown> };
  loading: string;
  /** How many rows stand for what is on its way. */
  rows: number;
  errorTitle: string;
  children: (data: Data) => ReactNode;
}

/** A part of a page in whichever state its question is: on its way, failed, or answered. */
export function Answer<Data>(props: AnswerProps<Data>) {
  const { query, loading, rows, errorTitle, children } = props;
  if (query.data !== undefined) return children(query.data);
  if (query.error === null) return <LoadingRows label={loading} rows={rows} />;
  const retry = () => void query.refetch();
  return <ErrorPanel title={errorTitle} error={query.error} onRetry={retry} isPart />;
}
