import { ActionIcon, Menu } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import type { ReactNode, Ref } from "react";

interface ActionMenuProps {
  /** What the button is called, as it shows no word. */
  label: string;
  /** The button: an entry is gone with its menu, and what it opened gives the focus back here. */
  ref: Ref<HTMLButtonElement>;
  children: ReactNode;
}

/** What can be done with something, behind three dots. */
export function ActionMenu({ label, ref, children }: ActionMenuProps) {
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon ref={ref} variant="subtle" color="gray" aria-label={label}>
          <IconDots size={18} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
