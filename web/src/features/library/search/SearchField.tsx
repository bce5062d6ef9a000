import { ActionIcon, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconHelp, IconSearch, IconX } from "@tabler/icons-react";
import { type KeyboardEvent, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useDelayedText } from "../use-delayed-text";
import { focusHit } from "./focus-hit";
import classes from "./SearchField.module.css";
import { SearchHelp } from "./SearchHelp";
import { useSlashChoice, useSlashKey } from "./use-slash-key";

interface SearchFieldProps {
  value: string;
  onChange: (value: string) => void;
}

/** Searches what was said while somebody types. */
export function SearchField({ value, onChange }: SearchFieldProps) {
  const { t } = useTranslation();
  const field = useRef<HTMLInputElement>(null);
  const { text, type, settle } = useDelayedText(value, onChange);
  const [isHelping, help] = useDisclosure(false);
  const [isSlashOn, chooseSlash] = useSlashChoice();
  useSlashKey(isSlashOn, () => {
    field.current?.focus();
    field.current?.select();
  });
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") settle(text);
    if (event.key === "Escape" && text !== "") settle("");
    if (event.key === "ArrowDown" && focusHit("first")) event.preventDefault();
  };
  return (
    <div role="search" className={classes["search"]}>
      <TextInput
        ref={field}
        type="search"
        size="md"
        className={classes["field"]}
        classNames={{ input: classes["input"] ?? "" }}
        aria-label={t("library.search.label")}
        placeholder={t("library.search.hint")}
        aria-keyshortcuts={isSlashOn ? "/" : undefined}
        maxLength={200}
        autoComplete="off"
        leftSection={<IconSearch size={18} aria-hidden="true" />}
        rightSection={
          text !== "" && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("library.search.clear")}
              onClick={() => {
                settle("");
                field.current?.focus();
              }}
            >
              <IconX size={16} aria-hidden="true" />
            </ActionIcon>
          )
        }
        value={text}
        onChange={(event) => {
          type(event.currentTarget.value);
        }}
        onKeyDown={onKeyDown}
      />
      <ActionIcon
        variant="default"
        size={42}
        aria-label={t("library.search.help")}
        onClick={help.open}
      >
        <IconHelp size={20} aria-hidden="true" />
      </ActionIcon>
      <SearchHelp
        isOpen={isHelping}
        onClose={help.close}
        isSlashOn={isSlashOn}
        onChooseSlash={chooseSlash}
      />
    </div>
  );
}
