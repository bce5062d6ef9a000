import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import type { JobRead, ReadJobData, ReadJobResponses } from "@/api/generated";
import { readJobQueryKey } from "@/api/generated/@tanstack/react-query.gen";
import { progress, snapshot, TestStream } from "@/testing/event-stream";
import { renderPart } from "@/testing/render-part";
import { JOB_ID, makeJob } from "@/testing/samples";
import { answer } from "@/testing/server";
import { giveJob } from "@/testing/transcripts";
import { useJobFeed } from "./use-job-feed";
import { useLiveJob } from "./use-live-job";

const running = makeJob({ state: "running", progress: 0.1 });
const queryKey = readJobQueryKey({ path: { job_id: JOB_ID } });

/** Something else on the page that shows jobs. */
function Others() {
  useJobFeed();
  return null;
}

function Shown() {
  const { data: job } = useLiveJob(JOB_ID);
  return job ? `${job.state} ${job.progress}` : "nothing";
}

/** Answers only when it is told to. */
function holdJob(): (job: JobRead) => void {
  let give: (job: JobRead) => void = () => undefined;
  const held = new Promise<JobRead>((resolve) => {
    give = resolve;
  });
  answer<ReadJobData, ReadJobResponses>("get", "/jobs/{job_id}", 200, () => held);
  return (job) => {
    give(job);
  };
}

test("an answer that was on its way does not undo what was told since", async () => {
  giveJob(running);
  const stream = new TestStream();
  const { queryClient } = renderPart(<Shown />);
  await screen.findByText("running 0.1");
  await stream.send(snapshot(running));
  const give = holdJob();
  void queryClient.invalidateQueries({ queryKey });
  await stream.send(progress({ ...running, progress: 0.5 }));
  expect(await screen.findByText("running 0.5")).toBeVisible();
  give({ ...running, progress: 0.2 });
  await waitFor(() => {
    expect(queryClient.isFetching({ queryKey })).toBe(0);
  });
  expect(screen.getByText("running 0.5")).toBeVisible();
});

test("an end that was missed before the stream began is asked for", async () => {
  giveJob(running);
  const stream = new TestStream();
  renderPart(<Shown />);
  await screen.findByText("running 0.1");
  giveJob(makeJob());
  await stream.send(snapshot());
  expect(await screen.findByText("completed 1")).toBeVisible();
});

test("an answer from before the stream began is asked for anew", async () => {
  giveJob(running);
  const stream = new TestStream();
  const { queryClient } = renderPart(
    <>
      <Others />
      <Shown />
    </>,
  );
  await screen.findByText("running 0.1");
  const give = holdJob();
  void queryClient.resetQueries({ queryKey });
  await screen.findByText("nothing");
  giveJob(makeJob());
  await stream.send(snapshot());
  give(running);
  expect(await screen.findByText("completed 1")).toBeVisible();
});
