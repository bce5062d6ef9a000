/** Why somebody is sent to the sign-in; kept with the page in the history, not in its address. */
interface Arrival {
  after: "signedUp" | "wasReset";
  name?: string;
}

declare module "@tanstack/react-router" {
  interface HistoryState {
    arrival?: Arrival;
  }
}

export function arrive(arrival: Arrival) {
  return { to: "/sign-in", state: { arrival }, replace: true } as const;
}
