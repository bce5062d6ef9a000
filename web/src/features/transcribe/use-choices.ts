import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getMeOptions, listModelsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { defaultChoices, type JobChoices } from "@/components/jobs/job-choices";
import { useDefaultChoices } from "@/components/preferences/use-preferences";
import { readRemembered, remember, settleChoices } from "./remembered-choices";

/** The options for the next files: at first the account's own, or else those that it used last. */
export function useChoices(): [JobChoices, (choices: JobChoices) => void] {
  const userId = useQuery(getMeOptions()).data?.user_id;
  const models = useQuery(listModelsOptions()).data?.items;
  const preferred = useDefaultChoices();
  const [chosen, setChosen] = useState<JobChoices>();
  const latest = chosen ?? (isDecided(preferred) ? preferred : readLast(userId));
  const choose = (choices: JobChoices) => {
    setChosen(choices);
    if (userId !== undefined) remember(userId, choices);
  };
  return [models ? settleChoices(latest, models) : latest, choose];
}

function readLast(userId: string | undefined): JobChoices {
  return userId === undefined ? defaultChoices : readRemembered(userId);
}

function isDecided({ model, language, task, wordTimestamps, speakers }: JobChoices): boolean {
  const isSpoken = model !== null || language !== null || task !== "transcribe";
  return isSpoken || wordTimestamps || speakers !== null;
}
