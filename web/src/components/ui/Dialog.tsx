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
  /** It shows two things beside each other. */
  isWide?: boolean;
}

/** A modal dialog; the page behind it is kept from scrolling by our stylesheet (see global.css). */
export function Dialog({
  isOpen,
  onClose,
  title,
  children,
  isHeld = false,
  isWide = false,
}: DialogProps) {
  const { t } = useTranslation();
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={title}
      classNames={{ title: classes["title"] ?? "" }}
      centered
      size={isWide ? "lg" : "md"}
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
