import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { listAccountsOptions, readAccountOptions } from "@/api/generated/@tanstack/react-query.gen";

const FRESH_MS = 300_000;
const SHORT = 8;
const LISTED = 200;

/** An account's name; the beginning of its id while the name is not known. */
export function useAccountName(userId: string | null): string {
  const { data } = useQuery({
    ...readAccountOptions({ path: { user_id: userId ?? "" } }),
    enabled: userId !== null && /^[0-9a-f]{32}$/.test(userId),
    staleTime: FRESH_MS,
  });
  return data?.name ?? shorten(userId ?? "");
}

/** Who acted: a person by name, with the office they acted in, or a part of the service. */
export function useActorName(actor: string): string {
  const { t } = useTranslation();
  const [kind, userId = null] = actor.split(":");
  const name = useAccountName(userId);
  if (userId === null) return t("audit.service", { name: actor });
  return kind === "admin" ? t("audit.asAdmin", { name }) : name;
}

/** The accounts to choose from: the newest, as many as one page holds. */
export function useAccountChoices() {
  const { data } = useQuery({
    ...listAccountsOptions({ query: { limit: LISTED } }),
    staleTime: FRESH_MS,
  });
  return data?.items ?? [];
}

/** Enough of an id to tell it from others beside it. */
export function shorten(id: string): string {
  return id.length > SHORT ? `${id.slice(0, SHORT)}…` : id;
}

/** The parts of the service that act by themselves. */
const PARTS = ["retention", "reconciler"];

/** Who can have acted: each account, administrators also as such, and the service's parts. */
export function useActorChoices(chosen: string | undefined) {
  const { t } = useTranslation();
  const people = useAccountChoices().flatMap(({ user_id: id, name, role }) => [
    { value: `account:${id}`, label: name },
    ...(role === "admin" ? [{ value: `admin:${id}`, label: t("audit.asAdmin", { name }) }] : []),
  ]);
  const parts = PARTS.map((name) => ({ value: name, label: t("audit.service", { name }) }));
  const known = [...people, ...parts];
  const isKnown = chosen === undefined || known.some(({ value }) => value === chosen);
  return isKnown ? known : [{ value: chosen, label: chosen }, ...known];
}
