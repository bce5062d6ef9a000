import type { AdminJobRead } from "@/api/generated";

/** What the addresses of the administration may say; anything else in them is ignored. */

export const windows = ["1h", "24h", "7d", "30d"] as const;

/** Over which time figures are told. */
export type Window = (typeof windows)[number];

export const jobStates = [
  "queued",
  "running",
  "completed",
  "failed",
  "cancelled",
  "quarantined",
] as const satisfies readonly AdminJobRead["state"][];

export interface DashboardSearch {
  window?: Window | undefined;
}

export interface JobSearch {
  state?: AdminJobRead["state"] | undefined;
  owner?: string | undefined;
}

export interface AuditSearch {
  actor?: string | undefined;
  action?: string | undefined;
  object?: string | undefined;
  /** Days, as in `2026-11-26`; both belong to the time. */
  from?: string | undefined;
  to?: string | undefined;
}

type Raw = Record<string, unknown>;

export function readDashboardSearch(raw: Raw): DashboardSearch {
  return { window: windows.find((each) => each === raw["window"]) };
}

export function readJobSearch(raw: Raw): JobSearch {
  return {
    state: jobStates.find((each) => each === raw["state"]),
    owner: matching(raw["owner"], /^[0-9a-f]{32}$/),
  };
}

export function readAuditSearch(raw: Raw): AuditSearch {
  const name = /^[!-~]{1,128}$/;
  const day = /^\d{4}-\d{2}-\d{2}$/;
  return {
    actor: matching(raw["actor"], name),
    action: matching(raw["action"], name),
    object: matching(raw["object"], name),
    from: matching(raw["from"], day),
    to: matching(raw["to"], day),
  };
}

function matching(value: unknown, form: RegExp): string | undefined {
  return typeof value === "string" && form.test(value) ? value : undefined;
}
