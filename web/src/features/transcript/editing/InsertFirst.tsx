import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useEditDesk } from "./EditContext";

/** The way to a first passage where none was heard. */
export function InsertFirst() {
  const { t } = useTranslation();
  const desk = useEditDesk();
  if (!desk) return null;
  return (
    <Button
      variant="default"
      onClick={() => {
        desk.ask("insert", undefined);
      }}
    >
      {t("times.insertTitle")}
    </Button>
  );
}
