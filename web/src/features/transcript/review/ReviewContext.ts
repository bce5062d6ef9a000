import { createContext, use } from "react";
import type { ReviewQueue } from "./queue";

export const ReviewContext = createContext<ReviewQueue | undefined>(undefined);

export function useReview(): ReviewQueue {
  const queue = use(ReviewContext);
  if (!queue) throw new Error("There is no ReviewProvider around this.");
  return queue;
}
