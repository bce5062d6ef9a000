import { Autocomplete, Button, Popover } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type SubmitEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { listTagsOptions } from "@/api/generated/@tanstack/react-query.gen";
import classes from "./AddTag.module.css";
import { MAX_TAG_LENGTH, suggestTags } from "./tags";

interface AddTagProps {
  tags: readonly string[];
  onAdd: (tag: string) => void;
}

/** A button that opens a field for one more tag, with those of other transcripts to choose from. */
export function AddTag({ tags, onAdd }: AddTagProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      trapFocus
      withinPortal={false}
      position="bottom-start"
    >
      <Popover.Target>
        <Button
          ref={button}
          variant="subtle"
          size="compact-sm"
          leftSection={<IconTag size={14} aria-hidden="true" />}
          onClick={() => {
            setOpen(!isOpen);
          }}
        >
          {t("tagging.add")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <TagField
          tags={tags}
          onDone={(tag) => {
            onAdd(tag);
            setOpen(false);
            button.current?.focus();
          }}
        />
      </Popover.Dropdown>
    </Popover>
  );
}

function TagField({ tags, onDone }: { tags: readonly string[]; onDone: (tag: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const all = useQuery(listTagsOptions());
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (text.trim() !== "") onDone(text);
  };
  return (
    <form onSubmit={submit} className={classes["form"]}>
      <Autocomplete
        label={t("tagging.tag")}
        data={suggestTags(
          (all.data?.items ?? []).map(({ tag }) => tag),
          tags,
        )}
        value={text}
        maxLength={MAX_TAG_LENGTH}
        onChange={setText}
        onOptionSubmit={onDone}
        comboboxProps={{ withinPortal: false }}
        withScrollArea={false}
        classNames={{ options: classes["options"] ?? "" }}
        data-autofocus
      />
      <Button type="submit" size="sm" disabled={text.trim() === ""}>
        {t("tagging.addThis")}
      </Button>
    </form>
  );
}
