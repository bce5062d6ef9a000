import { IconKey, IconLock, IconLockOpen, IconUser, IconUserShield } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccountRead } from "@/api/generated";
import { ActionItem } from "@/components/ui/ActionItem";
import { ActionMenu } from "@/components/ui/ActionMenu";
import { type Change, ChangeDialog } from "./ChangeDialog";
import { ResetDialog } from "./ResetDialog";

type Question = Change | "reset";

/** What an administrator may do to an account in its present state. */
export function AccountActions({ account }: { account: AccountRead }) {
  const { t } = useTranslation();
  const [question, setQuestion] = useState<Question>();
  const menuButton = useRef<HTMLButtonElement>(null);
  const close = () => {
    setQuestion(undefined);
    menuButton.current?.focus();
  };
  return (
    <>
      <ActionMenu ref={menuButton} label={t("people.actions", { name: account.name })}>
        <AccountActionItems account={account} onAsk={setQuestion} />
      </ActionMenu>
      {question === "reset" && <ResetDialog account={account} onClose={close} />}
      {question !== undefined && question !== "reset" && (
        <ChangeDialog account={account} change={question} onClose={close} />
      )}
    </>
  );
}

interface AccountActionItemsProps {
  account: AccountRead;
  onAsk: (question: Question) => void;
}

function AccountActionItems({ account, onAsk }: AccountActionItemsProps) {
  const { t } = useTranslation();
  const item = (question: Question, icon: React.ReactNode, isLoss = false) => (
    <ActionItem
      icon={icon}
      isLoss={isLoss}
      onClick={() => {
        onAsk(question);
      }}
    >
      {t(`people.${question}`)}
    </ActionItem>
  );
  return (
    <>
      {/* The service gives a disabled account no way in. */}
      {account.is_active && item("reset", <IconKey size={16} aria-hidden="true" />)}
      {account.role === "admin"
        ? item("demote", <IconUser size={16} aria-hidden="true" />)
        : item("promote", <IconUserShield size={16} aria-hidden="true" />)}
      {account.is_active
        ? item("disable", <IconLock size={16} aria-hidden="true" />, true)
        : item("enable", <IconLockOpen size={16} aria-hidden="true" />)}
    </>
  );
}
