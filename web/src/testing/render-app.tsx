import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { GetMeData, GetMeResponses } from "@/api/generated";
import { App } from "@/app/App";
import { createSession } from "@/app/session";
import { ada } from "./samples";
import { answer } from "./server";

/** Renders the whole application at a page, and gives the person who uses it. */
export function renderApp(page: string) {
  const session = createSession(createMemoryHistory({ initialEntries: [page] }));
  render(<App {...session} />);
  return { user: userEvent.setup(), router: session.router };
}

/** The same with somebody signed in. */
export function renderSignedIn(page: string) {
  answer<GetMeData, GetMeResponses>("get", "/auth/me", 200, ada);
  return renderApp(page);
}
