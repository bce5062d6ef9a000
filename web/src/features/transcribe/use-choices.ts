import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { getMeOptions, listModelsOptions } from "@/api/generated/@tanstack/react-query.gen";
import { defaultChoices, type JobChoices } from "@/components/jobs/job-choices";
import { readRemembered, remember, settleChoices } from "./remembered-choices";

/** The options for the next files: at first those that the account used last. */
export function useChoices(): [JobChoices, (choices: JobChoices) => void] {
  const userId = useQuery(getMeOptions()).data?.user_id;
  const models = useQuery(listModelsOptions()).data?.items;
  const [chosen, setChosen] = useState<JobChoices>();
  const latest = chosen ?? (userId === undefined ? defaultChoices : readRemembered(userId));
  const choose = (choices: JobChoices) => {
    setChosen(choices);
    if (userId !== undefined) remember(userId, choices);
  };
  return [models ? settleChoices(latest, models) : latest, choose];
}
