import { Select, type SelectProps } from "@mantine/core";
import classes from "./Choice.module.css";

/** One of a list, on a page as in a dialog. */
export function Choice(props: SelectProps) {
  return (
    <Select
      {...props}
      allowDeselect={false}
      // The list itself scrolls: the kit's own area would be one that no key reaches.
      withScrollArea={false}
      classNames={{ options: classes["options"] ?? "" }}
    />
  );
}
