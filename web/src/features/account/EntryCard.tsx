import type { ReactNode } from "react";
import { Brand } from "@/components/ui/Brand";
import classes from "./EntryCard.module.css";
import { LanguageChoice } from "./LanguageChoice";

interface EntryCardProps {
  /** What the page is for, under the product's name. */
  lead: string;
  children: ReactNode;
}

/** A page for somebody who is not signed in. */
export function EntryCard({ lead, children }: EntryCardProps) {
  return (
    <main className={classes["screen"]}>
      <div className={classes["card"]}>
        <Brand isLarge />
        <p className={classes["tagline"]}>{lead}</p>
        {children}
        <LanguageChoice />
      </div>
    </main>
  );
}
