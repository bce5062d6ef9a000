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

raiseProblems();
sendTraceParents();
const session = createSession();
// Whose account it is and what the page needs are asked for while the language comes.
void session.router.load();
await setUpLanguage();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element #root.");
createRoot(root).render(
  <StrictMode>
    <App {...session} />
  </StrictMode>,
);
