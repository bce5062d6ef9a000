import { useTranslation } from "react-i18next";
import { Choice } from "@/components/ui/Choice";
import { useAccountChoices, useAccountName } from "../account-names";
import { type JobSearch, jobStates } from "../search";
import classes from "./JobsScreen.module.css";

const ALL = "all";

interface JobFiltersProps {
  search: JobSearch;
  onChange: (change: JobSearch) => void;
}

/** Which jobs are listed; the page's address says it, so that it can be passed on. */
export function JobFilters({ search, onChange }: JobFiltersProps) {
  const { t } = useTranslation();
  const accounts = useAccountChoices();
  const { owner } = search;
  const ownerName = useAccountName(owner ?? null);
  const listed = accounts.map(({ user_id, name }) => ({ value: user_id, label: name }));
  const isListed = owner === undefined || listed.some(({ value }) => value === owner);
  return (
    <div className={classes["filters"]} role="group" aria-label={t("anyJob.filters")}>
      <Choice
        className={classes["filter"] ?? ""}
        label={t("anyJob.state")}
        data={[
          { value: ALL, label: t("anyJob.allStates") },
          ...jobStates.map((state) => ({ value: state, label: t(`jobs.state.${state}`) })),
        ]}
        value={search.state ?? ALL}
        onChange={(value) => {
          onChange({ state: jobStates.find((state) => state === value) });
        }}
      />
      <Choice
        className={classes["filter"] ?? ""}
        label={t("anyJob.owner")}
        searchable
        nothingFoundMessage={t("anyJob.noOwner")}
        data={[
          { value: ALL, label: t("anyJob.allOwners") },
          ...(isListed ? [] : [{ value: owner, label: ownerName }]),
          ...listed,
        ]}
        value={owner ?? ALL}
        onChange={(value) => {
          onChange({ owner: value === ALL || value === null ? undefined : value });
        }}
      />
    </div>
  );
}
