import { Menu, type MenuItemProps } from "@mantine/core";
import { createLink } from "@tanstack/react-router";
import type { AnchorHTMLAttributes, Ref } from "react";

type AnchorItemProps = MenuItemProps &
  Omit<AnchorHTMLAttributes<HTMLAnchorElement>, keyof MenuItemProps> & {
    ref?: Ref<HTMLAnchorElement>;
  };

function AnchorItem(props: AnchorItemProps) {
  return <Menu.Item component="a" {...props} />;
}

/** An entry of a menu that leads to a page of the application. */
export const LinkItem = createLink(AnchorItem);
