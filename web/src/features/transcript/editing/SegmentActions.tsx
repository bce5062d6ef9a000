import { ActionIcon, Menu } from "@mantine/core";
import {
  IconArrowBarDown,
  IconArrowBarUp,
  IconClock,
  IconDots,
  IconPencil,
  IconRowInsertBottom,
  IconTrash,
  IconUser,
} from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { ActionItem } from "@/components/ui/ActionItem";
import { formatClock } from "@/lib/quantities";
import { useEditing } from "./EditContext";

interface SegmentActionsProps {
  name: number;
  start: number;
}

/** All that can be done with one segment, without a keyboard. */
export const SegmentActions = memo(function SegmentActions({ name, start }: SegmentActionsProps) {
  const { t } = useTranslation();
  const desk = useEditing();
  return (
    <Menu position="bottom-end" width={270}>
      <Menu.Target>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={28}
          tabIndex={-1}
          data-actions
          aria-label={t("editing.actions", { time: formatClock(start) })}
          onPointerDown={desk.remember}
          onKeyDown={desk.remember}
        >
          <IconDots size={16} aria-hidden="true" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <SegmentItems name={name} />
      </Menu.Dropdown>
    </Menu>
  );
});

function SegmentItems({ name }: { name: number }) {
  const { t } = useTranslation();
  const desk = useEditing();
  const icon = { size: 16, "aria-hidden": true } as const;
  const items = [
    {
      label: t("editing.edit"),
      icon: <IconPencil {...icon} />,
      run: () => {
        desk.open(name);
      },
    },
    {
      label: t("editing.speaker"),
      icon: <IconUser {...icon} />,
      run: () => {
        desk.ask("speaker", name);
      },
    },
    {
      label: t("editing.times"),
      icon: <IconClock {...icon} />,
      run: () => {
        desk.ask("times", name);
      },
    },
    {
      label: t("editing.mergeBefore"),
      icon: <IconArrowBarUp {...icon} />,
      run: () => {
        desk.merge(name, -1);
      },
      isMissing: !desk.hasNeighbour(name, -1),
    },
    {
      label: t("editing.mergeAfter"),
      icon: <IconArrowBarDown {...icon} />,
      run: () => {
        desk.merge(name, 1);
      },
      isMissing: !desk.hasNeighbour(name, 1),
    },
    {
      label: t("editing.insert"),
      icon: <IconRowInsertBottom {...icon} />,
      run: () => {
        desk.ask("insert", name);
      },
    },
    {
      label: t("editing.remove"),
      icon: <IconTrash {...icon} />,
      run: () => {
        desk.remove(name);
      },
      isLoss: true,
    },
  ];
  return items
    .filter((item) => !item.isMissing)
    .map(({ label, icon: sign, run, isLoss }) => (
      <ActionItem key={label} icon={sign} onClick={run} isLoss={isLoss ?? false}>
        {label}
      </ActionItem>
    ));
}
