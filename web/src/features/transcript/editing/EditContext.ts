import { createContext, use } from "react";
import type { EditDesk } from "./desk";

/** Undefined where the transcript can only be read, as an earlier revision. */
export const EditContext = createContext<EditDesk | undefined>(undefined);

export function useEditDesk(): EditDesk | undefined {
  return use(EditContext);
}

/** For what is shown only where the transcript can be edited. */
export function useEditing(): EditDesk {
  const desk = useEditDesk();
  if (!desk) throw new Error("There is no EditProvider around this.");
  return desk;
}
