import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { usePreferences } from "@/components/preferences/use-preferences";
import { Answer } from "@/components/ui/Answer";
import { Section } from "@/components/ui/Section";
import { DefaultOptions } from "./DefaultOptions";
import { LanguageChoice } from "./LanguageChoice";
import classes from "./PreferenceSection.module.css";
import { ThemeChoice } from "./ThemeChoice";

/** How the pages look, and what new transcriptions begin with. */
export function PreferenceSection() {
  const { t } = useTranslation();
  return (
    <Section title={t("preferences.title")} lead={t("preferences.lead")}>
      <div className={classes["panel"]}>
        <div className={classes["part"]}>
          <div className={classes["choice"]}>
            {t("account.theme")}
            <ThemeChoice />
          </div>
          <div className={classes["choice"]}>
            {t("account.language")}
            <LanguageChoice />
          </div>
        </div>
        <div className={classes["part"]}>
          <Title order={3} size="h5">
            {t("preferences.jobs")}
          </Title>
          <p className={classes["hint"]}>{t("preferences.jobsHint")}</p>
          <KeptOptions />
        </div>
      </div>
    </Section>
  );
}

function KeptOptions() {
  const { t } = useTranslation();
  return (
    <Answer
      query={usePreferences()}
      loading={t("preferences.loading")}
      rows={3}
      errorTitle={t("preferences.errorTitle")}
    >
      {({ job_defaults }) => <DefaultOptions kept={job_defaults} />}
    </Answer>
  );
}
