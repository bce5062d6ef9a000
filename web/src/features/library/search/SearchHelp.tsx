import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Dialog } from "@/components/ui/Dialog";
import classes from "./SearchHelp.module.css";

interface SearchHelpProps {
  isOpen: boolean;
  onClose: () => void;
  isSlashOn: boolean;
  onChooseSlash: (isOn: boolean) => void;
}

/** What can be typed into the search. */
export function SearchHelp({ isOpen, onClose, isSlashOn, onChooseSlash }: SearchHelpProps) {
  const { t } = useTranslation();
  const rows = [
    [t("library.search.words"), t("library.search.wordsFind")],
    [t("library.search.phrase"), t("library.search.phraseFind")],
    [t("library.search.beginning"), t("library.search.beginningFind")],
    [t("library.search.without"), t("library.search.withoutFind")],
    [t("library.search.either"), t("library.search.eitherFind")],
  ] as const;
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title={t("library.search.helpTitle")}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("library.search.typed")}</th>
            <th scope="col">{t("library.search.finds")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([typed, finds]) => (
            <tr key={typed}>
              <th scope="row">
                <code>{typed}</code>
              </th>
              <td>{finds}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes["note"]}>{t("library.search.folding")}</p>
      <p className={classes["note"]}>{t("library.search.keys")}</p>
      <Switch
        label={t("library.search.slash")}
        checked={isSlashOn}
        onChange={(event) => {
          onChooseSlash(event.currentTarget.checked);
        }}
      />
    </Dialog>
  );
}
