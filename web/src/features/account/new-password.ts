/** The service's own floor, told before the request; the service has the last word. */
export const MIN_PASSWORD_LENGTH = 10;

/** What is wrong with a new password, or nothing. */
export function checkNewPassword(
  wanted: string,
  repeated: string,
): "tooShort" | "mismatch" | undefined {
  if (wanted.length < MIN_PASSWORD_LENGTH) return "tooShort";
  return wanted === repeated ? undefined : "mismatch";
}
