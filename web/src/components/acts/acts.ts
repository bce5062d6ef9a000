import type { ActivityRead } from "@/api/generated";

/** What can be done to something, as the audit trail names it and the catalogues explain it. */
const explained = [
  "account_create",
  "account_disable",
  "account_enable",
  "account_end_sessions",
  "account_issue_reset",
  "account_password",
  "account_password_failure",
  "account_retention",
  "account_role",
  "account_sign_in",
  "account_sign_in_failure",
  "account_use_reset",
  "audit_delete",
  "audit_export",
  "collection_request",
  "invitation_create",
  "invitation_revoke",
  "invitation_use",
  "job_cancel",
  "job_delete",
  "job_list",
  "job_prioritise",
  "job_read",
  "job_retry",
  "job_submit",
  "key_create",
  "key_revoke",
  "model_validate",
  "recording_delete",
  "session_end",
  "transcript_delete",
  "transcript_edit",
  "transcript_export",
  "transcript_export_many",
  "upload_cancel",
  "upload_finalize",
  "webhook_create",
  "webhook_delete",
  "worker_drain",
  "worker_resume",
] as const;

type ExplainedAction = (typeof explained)[number];

/** The actions to choose from, as the service names them. */
export const actions: readonly string[] = explained.map((name) => name.replace("_", "."));

/** The catalogue's name of an action; nothing where a newer service does something else. */
export function explainAction(action: ActivityRead["action"]): ExplainedAction | undefined {
  const name = action.replace(".", "_");
  return explained.find((each) => each === name);
}
