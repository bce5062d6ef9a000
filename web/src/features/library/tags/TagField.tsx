import { TagsInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listTagsOptions } from "@/api/generated/@tanstack/react-query.gen";

const MAX_TAGS = 32;
const MAX_LENGTH = 64;

interface TagFieldProps {
  label: string;
  value: string[];
  onChange: (tags: string[]) => void;
}

/** Tags, written or taken from those that are in use. */
export function TagField({ label, value, onChange }: TagFieldProps) {
  const { t } = useTranslation();
  const tags = useQuery(listTagsOptions());
  return (
    <TagsInput
      label={label}
      description={t("library.tags.hint")}
      data={(tags.data?.items ?? []).map(({ tag }) => tag)}
      value={value}
      onChange={onChange}
      maxTags={MAX_TAGS}
      maxLength={MAX_LENGTH}
      // What was typed and not ended by Enter is meant, too.
      acceptValueOnBlur
      splitChars={[","]}
      withScrollArea={false}
      maxDropdownHeight={200}
    />
  );
}
