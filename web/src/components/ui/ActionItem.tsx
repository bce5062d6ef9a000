import { Menu } from "@mantine/core";
import type { ComponentProps, ReactNode } from "react";
import classes from "./ActionItem.module.css";

interface ActionItemProps {
  icon: ReactNode;
  children: ReactNode;
  onClick: () => void;
  /** Something is lost by it. */
  isLoss?: boolean;
  /** Why it cannot be chosen now; it stays within reach of the keyboard, so that all can read it. */
  reason?: string | undefined;
}

/** One thing to do in a menu, or the reason why not. */
export function ActionItem({ icon, children, onClick, isLoss = false, reason }: ActionItemProps) {
  if (reason === undefined) {
    return (
      <Menu.Item
        className={classes["item"]}
        data-loss={isLoss || undefined}
        leftSection={icon}
        onClick={onClick}
      >
        {children}
      </Menu.Item>
    );
  }
  return (
    <Menu.Item
      className={classes["item"]}
      leftSection={icon}
      closeMenuOnClick={false}
      // The kit's own way to disable an item takes it out of the keyboard's reach.
      renderRoot={(props: ComponentProps<"button">) => <button {...props} aria-disabled />}
    >
      {children} <span className={classes["reason"]}>{reason}</span>
    </Menu.Item>
  );
}
