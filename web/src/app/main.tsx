import "@mantine/core/styles.css";
import "virtual:theme-variables.css";
import "./global.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { raiseProblems } from "@/api/problem";
import { sendTraceParents } from "@/api/trace-parent";
import { setUpLanguage } from "@/i18n/setup";
import { App } from "./App";
import { createSession } from "./session";
import { warmUp } from "./warm-up";

raiseProblems();
sendTraceParents();
const session = createSession();
warmUp(session.router);
// Whose account it is is asked for while the language comes.
void session.router.load();
await setUpLanguage();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root.");
createRoot(root).render(
  <StrictMode>
    <App {...session} />
  </StrictMode>,
);
