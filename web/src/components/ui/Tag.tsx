import classes from "./Tag.module.css";

interface TagProps {
  children: string;
  /** How much it asks to be noticed; the colour repeats what the word says. */
  tone?: "plain" | "accent" | "off";
}

/** A word beside a title: what kind of thing it is, or in which state. */
export function Tag({ children, tone = "plain" }: TagProps) {
  return (
    <span className={classes["tag"]} data-tone={tone}>
      {children}
    </span>
  );
}
