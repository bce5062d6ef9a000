/** Who looks at a screen: nobody who signed in, somebody with an account, an administrator. */
export type Viewer = "nobody" | "user" | "admin";

interface Screen {
  /** The address that shows it, given a job that is done and the viewer's own. */
  address: (jobId: string) => string;
  viewers: readonly Viewer[];
}

const signedIn = ["user", "admin"] as const;

/** Every route of the application, as the router has it (`src/app/screens.test.ts` compares them). */
export const SCREENS: Record<string, Screen> = {
  "/": { address: () => "/", viewers: signedIn },
  "/sign-in": { address: () => "/sign-in", viewers: ["nobody"] },
  "/sign-up": { address: () => "/sign-up", viewers: ["nobody"] },
  "/reset": { address: () => "/reset", viewers: ["nobody"] },
  "/transcribe": { address: () => "/transcribe", viewers: signedIn },
  "/library": { address: () => "/library", viewers: signedIn },
  "/transcript/$jobId": { address: (jobId) => `/transcript/${jobId}`, viewers: signedIn },
  "/account": { address: () => "/account", viewers: signedIn },
  "/admin": { address: () => "/admin", viewers: signedIn },
  "/admin/jobs": { address: () => "/admin/jobs", viewers: signedIn },
  "/admin/audit": { address: () => "/admin/audit", viewers: signedIn },
  "/admin/aliases": { address: () => "/admin/aliases", viewers: signedIn },
  "/admin/accounts": { address: () => "/admin/accounts", viewers: signedIn },
};
