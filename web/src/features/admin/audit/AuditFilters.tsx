import { Button, TextInput } from "@mantine/core";
import { type ChangeEvent, type SubmitEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { actions } from "@/components/acts/acts";
import { useActWords } from "@/components/acts/use-act-words";
import { Choice } from "@/components/ui/Choice";
import { useActorChoices } from "../account-names";
import type { AuditSearch } from "../search";
import classes from "./AuditScreen.module.css";

const ALL = "all";

interface AuditFiltersProps {
  search: AuditSearch;
  onChange: (search: AuditSearch) => void;
}

/** Which acts are listed and taken out. */
export function AuditFilters({ search, onChange }: AuditFiltersProps) {
  const { t } = useTranslation();
  const tell = useActWords();
  const actors = useActorChoices(search.actor);
  const [wish, setWish] = useState(search);
  const set = (change: Partial<AuditSearch>) => {
    setWish({ ...wish, ...change });
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    onChange(wish);
  };
  const text = (name: "object" | "from" | "to") => ({
    label: t(`audit.filter.${name}`),
    value: wish[name] ?? "",
    onChange: (event: ChangeEvent<HTMLInputElement>) => {
      set({ [name]: event.currentTarget.value.trim() || undefined });
    },
  });
  return (
    <form
      className={classes["filters"]}
      onSubmit={submit}
      role="search"
      aria-label={t("audit.filters")}
    >
      <Choice
        label={t("audit.filter.actor")}
        data={[{ value: ALL, label: t("audit.anybody") }, ...actors]}
        searchable
        nothingFoundMessage={t("anyJob.noOwner")}
        value={wish.actor ?? ALL}
        onChange={(actor) => {
          set({ actor: fromChoice(actor) });
        }}
      />
      <Choice
        label={t("audit.filter.action")}
        data={[
          { value: ALL, label: t("audit.anything") },
          ...actions.map((action) => ({ value: action, label: tell(action) })),
        ]}
        searchable
        nothingFoundMessage={t("audit.noAction")}
        value={wish.action ?? ALL}
        onChange={(action) => {
          set({ action: fromChoice(action) });
        }}
      />
      <TextInput {...text("object")} autoComplete="off" spellCheck={false} />
      <TextInput {...text("from")} type="date" />
      <TextInput {...text("to")} type="date" />
      <div className={classes["buttons"]}>
        <Button type="submit">{t("audit.apply")}</Button>
        <Button
          variant="default"
          onClick={() => {
            onChange({});
          }}
        >
          {t("audit.clear")}
        </Button>
      </div>
    </form>
  );
}

function fromChoice(value: string | null): string | undefined {
  return value === ALL || value === null ? undefined : value;
}
