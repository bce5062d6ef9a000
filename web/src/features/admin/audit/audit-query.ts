import type { ListAuditEntriesData } from "@/api/generated";
import type { AuditSearch } from "../search";

type Query = Omit<NonNullable<ListAuditEntriesData["query"]>, "cursor" | "limit">;

/** What the service is asked: days are the reader's own, and the last one is included. */
export function toQuery({ actor, action, object, from, to }: AuditSearch): Query {
  return {
    ...(actor !== undefined && { actor }),
    ...(action !== undefined && { action }),
    ...(object !== undefined && { object_id: object }),
    ...(from !== undefined && { from: startOfDay(from, 0) }),
    ...(to !== undefined && { to: startOfDay(to, 1) }),
  };
}

/** When a day, or one some days later, begins where the reader is. */
function startOfDay(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}
