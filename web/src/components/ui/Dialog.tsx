import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import classes from "./Dialog.module.css";

interface DialogProps {
  isOpen: boolean;
  onClose: () => void;
  title: string;
  children: ReactNode;
  /** What it shows would be lost by a click beside it. */
  isHeld?: boolean;
  /** Its greatest width, where the usual one is too narrow for what it holds. */
  size?: string;
}

/** A modal dialog; the page behind it is kept from scrolling by our stylesheet (see global.css). */
export function Dialog(props: DialogProps) {
  const { isOpen, onClose, title, children, isHeld = false, size = "md" } = props;
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      size={size}
      classNames={{ title: classes["title"] ?? "" }}
      centered
      closeOnClickOutside={!isHeld}
      closeOnEscape={!isHeld}
      lockScroll={false}
      overlayProps={{ "data-locks-scroll": true } as object}
      closeButtonProps={{ "aria-label": t("app.close") }}
    >
      {children}
    </Modal>
  );
}
