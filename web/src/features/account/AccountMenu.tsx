import { Button, Popover } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconChevronDown,
  IconKey,
  IconLogout,
  IconSettings,
  IconShieldCog,
  IconUserCircle,
} from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { logoutMutation, getMeOptions } from "@/api/generated/@tanstack/react-query.gen";
import { LinkButton } from "@/components/ui/LinkButton";
import classes from "./AccountMenu.module.css";
import { LanguageChoice } from "./LanguageChoice";
import { ThemeChoice } from "./ThemeChoice";

const ChangePasswordDialog = lazy(async () => ({
  default: (await import("./ChangePasswordDialog")).ChangePasswordDialog,
}));

/** Who is signed in, and what they may set for themselves. */
export function AccountMenu() {
  const { t } = useTranslation();
  const { data: account } = useQuery(getMeOptions());
  const [isOpen, menu] = useDisclosure(false);
  const [isChanging, dialog] = useDisclosure(false);
  const signOut = useSignOut();
  const name = account?.name ?? "";

  return (
    <>
      <Popover opened={isOpen} onChange={menu.set} position="bottom-end" width={280} trapFocus>
        <Popover.Target>
          <Button
            variant="subtle"
            color="gray"
            className={classes["target"]}
            onClick={menu.toggle}
            aria-label={t("account.menu", { name })}
            leftSection={<IconUserCircle size={20} aria-hidden="true" />}
            rightSection={<IconChevronDown size={14} aria-hidden="true" />}
          >
            <span className={classes["name"]}>{name}</span>
          </Button>
        </Popover.Target>
        <Popover.Dropdown className={classes["dropdown"]}>
          <p className={classes["who"]}>
            {t("account.signedInAs")} <strong>{name}</strong>
            {account?.role === "admin" && ` · ${t("account.administrator")}`}
          </p>
          <div className={classes["choice"]}>
            <span aria-hidden="true">{t("account.theme")}</span>
            <ThemeChoice />
          </div>
          <div className={classes["choice"]}>
            <span aria-hidden="true">{t("account.language")}</span>
            <LanguageChoice />
          </div>
          <MenuLinks isAdmin={account?.role === "admin"} onFollow={menu.close} />
          <Button
            variant="default"
            leftSection={<IconKey size={16} aria-hidden="true" />}
            onClick={() => {
              menu.close();
              dialog.open();
            }}
          >
            {t("account.changePassword")}
          </Button>
          <Button
            variant="default"
            leftSection={<IconLogout size={16} aria-hidden="true" />}
            loading={signOut.isPending}
            onClick={() => {
              signOut.mutate({});
            }}
          >
            {t("account.signOut")}
          </Button>
        </Popover.Dropdown>
      </Popover>
      {isChanging && (
        <Suspense>
          <ChangePasswordDialog onClose={dialog.close} />
        </Suspense>
      )}
    </>
  );
}

/** The pages that the menu leads to. */
function MenuLinks({ isAdmin, onFollow }: { isAdmin: boolean; onFollow: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <LinkButton
        to="/account"
        variant="default"
        leftSection={<IconSettings size={16} aria-hidden="true" />}
        onClick={onFollow}
      >
        {t("account.open")}
      </LinkButton>
      {isAdmin && (
        <LinkButton
          to="/admin"
          variant="default"
          leftSection={<IconShieldCog size={16} aria-hidden="true" />}
          onClick={onFollow}
        >
          {t("admin.open")}
        </LinkButton>
      )}
    </>
  );
}

function useSignOut() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    ...logoutMutation(),
    onSuccess: async () => {
      await navigate({ to: "/sign-in" });
      queryClient.clear();
    },
  });
}
