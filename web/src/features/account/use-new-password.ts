import { useState } from "react";
import { checkNewPassword } from "./new-password";

export type NewPassword = ReturnType<typeof useNewPassword>;

/** A password typed twice; nothing is found wrong before the first attempt to send it. */
export function useNewPassword() {
  const [wanted, setWanted] = useState("");
  const [repeated, setRepeated] = useState("");
  const [hasTried, setTried] = useState(false);
  const fault = checkNewPassword(wanted, repeated);
  return {
    wanted,
    setWanted,
    repeated,
    setRepeated,
    fault: hasTried ? fault : undefined,
    /** Whether it may be sent; from now on what is wrong is shown. */
    check: (): boolean => {
      setTried(true);
      return fault === undefined;
    },
  };
}
