import { Alert, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listModelsOptions, listTagsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { describeProblem } from "@/lib/describe-problem";
import { formatLanguageName } from "@/lib/quantities";
import type { LibrarySearch } from "../library-search";
import { useDelayedText } from "../use-delayed-text";
import { useLibrarySearch } from "../use-library-search";
import classes from "./FilterBar.module.css";
import { FilterChoice } from "./FilterChoice";

/** Everything that the list, or the search, can be narrowed down to. */
export function FilterPanel() {
  const { t, i18n } = useTranslation();
  const [search, change] = useLibrarySearch();
  const models = useQuery(listModelsOptions());
  const tags = useQuery(listTagsOptions());
  const staged = models.data?.items ?? [];
  const codes = [...new Set(staged.flatMap((model) => model.languages))];
  const set = (name: keyof LibrarySearch) => (value: string | undefined) => {
    change({ [name]: value });
  };
  const fault = models.error ?? tags.error;
  return (
    <>
      {fault !== null && (
        <Alert color="orange" variant="light" role="alert" className={classes["incomplete"]}>
          {t("library.filter.incomplete", { reason: describeProblem(fault, t) })}
        </Alert>
      )}
      <NameFilter />
      <FilterChoice
        label={t("library.filter.language")}
        options={codes.map((code) => [code, formatLanguageName(code, i18n.language)])}
        value={search.language}
        onChange={set("language")}
      />
      <FilterChoice
        label={t("library.filter.model")}
        options={staged.map(({ name }) => [name, name])}
        value={search.model}
        onChange={set("model")}
      />
      <FilterChoice
        label={t("library.filter.task")}
        options={[
          ["transcribe", t("transcribe.taskTranscribe")],
          ["translate", t("transcribe.taskTranslate")],
        ]}
        value={search.task}
        onChange={set("task")}
      />
      <FilterChoice
        label={t("library.filter.tag")}
        options={(tags.data?.items ?? []).map(({ tag }) => [tag, tag])}
        value={search.tag}
        onChange={set("tag")}
      />
      <DayFilter label={t("library.filter.from")} name="from" />
      <DayFilter label={t("library.filter.to")} name="to" />
    </>
  );
}

function NameFilter() {
  const { t } = useTranslation();
  const [search, change] = useLibrarySearch();
  const { text, type, settle } = useDelayedText(search.name ?? "", (name) => {
    change({ name: name === "" ? undefined : name }, search.name !== undefined);
  });
  return (
    <TextInput
      label={t("library.filter.name")}
      maxLength={100}
      value={text}
      onChange={(event) => {
        type(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter") settle(text);
      }}
    />
  );
}

function DayFilter({ label, name }: { label: string; name: "from" | "to" }) {
  const [search, change] = useLibrarySearch();
  return (
    <TextInput
      type="date"
      label={label}
      min={name === "to" ? search.from : undefined}
      max={name === "from" ? search.to : undefined}
      value={search[name] ?? ""}
      onChange={(event) => {
        change({ [name]: event.currentTarget.value || undefined });
      }}
    />
  );
}
