import { Button, Menu } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useObservable } from "@/lib/observable";
import { useLanguage } from "@/lib/use-language";
import type { Player } from "./player";

const rates = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2, 2.5, 3];

/** How fast it plays; voices keep their pitch. */
export function RateMenu({ player }: { player: Player }) {
  const { t } = useTranslation();
  const language = useLanguage();
  const { rate } = useObservable(player.state);
  const write = (value: number) =>
    `${new Intl.NumberFormat(language, { maximumFractionDigits: 2 }).format(value)}\u00d7`;
  return (
    <Menu position="top" width={120}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-label={t("player.speed", { rate: write(rate) })}
        >
          {write(rate)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {rates.map((each) => (
          <Menu.Item
            key={each}
            role="menuitemradio"
            aria-checked={each === rate}
            rightSection={each === rate && <IconCheck size={14} aria-hidden="true" />}
            onClick={() => {
              player.setRate(each);
            }}
          >
            {write(each)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
