import { Skeleton, Title, VisuallyHidden } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { ErrorPanel } from "@/components/ui/ErrorPanel";
import { describeProblem } from "@/lib/describe-problem";
import classes from "./FigureCard.module.css";
import type { Told } from "./figures";

interface FigureCardProps<Data> {
  title: string;
  lead?: string;
  /** Where more of it is. */
  more?: ReactNode;
  query: Told<Data>;
  /** What to say instead of figures, when there are none. */
  tellEmpty?: (data: Data) => string | undefined;
  children: (data: Data) => ReactNode;
  isWide?: boolean;
}

/** One subject of the dashboard, in its own state: a route that fails blanks no other card. */
export function FigureCard<Data>(props: FigureCardProps<Data>) {
  const { title, lead, more, query, isWide = false } = props;
  const id = useId();
  return (
    <section
      className={classes["card"]}
      aria-labelledby={id}
      aria-busy={query.isPending}
      data-wide={isWide || undefined}
    >
      <div className={classes["heading"]}>
        <Title order={2} size="h5" id={id}>
          {title}
        </Title>
        {more}
      </div>
      {lead !== undefined && <p className={classes["lead"]}>{lead}</p>}
      <Body {...props} />
    </section>
  );
}

function Body<Data>({ title, query, tellEmpty, children }: FigureCardProps<Data>) {
  const { t } = useTranslation();
  if (query.data === undefined) {
    if (query.error === null) {
      return (
        <div role="status">
          <VisuallyHidden>{t("figures.loading", { title })}</VisuallyHidden>
          <Skeleton height={90} />
        </div>
      );
    }
    return (
      <ErrorPanel
        title={t("figures.errorTitle")}
        error={query.error}
        onRetry={() => void query.refetch()}
        isPart
      />
    );
  }
  const empty = tellEmpty?.(query.data);
  return (
    <>
      {query.error !== null && (
        <p className={classes["fault"]} role="alert">
          {t("figures.notRenewed", { reason: describeProblem(query.error, t) })}
        </p>
      )}
      {empty === undefined ? children(query.data) : <p className={classes["empty"]}>{empty}</p>}
    </>
  );
}
