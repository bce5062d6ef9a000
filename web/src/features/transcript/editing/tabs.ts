const ANSWER_MS = 300;

type Message =
  { kind: "revision"; revision: number } | { kind: "ask" } | { kind: "here"; page: string };

/** The pages of this browser that show the same transcript. */
export class Tabs {
  readonly #channel: BroadcastChannel;
  #living = new Set<string>();

  constructor(
    jobId: string,
    private readonly page: string,
    private readonly onRevision: (revision: number) => void,
  ) {
    this.#channel = new BroadcastChannel(`transcriber.edits.${jobId}`);
    this.#channel.addEventListener("message", this.#hear);
  }

  /** Says that this page made a revision. */
  readonly tell = (revision: number): void => {
    this.#post({ kind: "revision", revision });
  };

  /** Which other pages are there. */
  readonly findLiving = async (): Promise<ReadonlySet<string>> => {
    this.#living = new Set();
    this.#post({ kind: "ask" });
    await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
    return this.#living;
  };

  readonly close = (): void => {
    this.#channel.removeEventListener("message", this.#hear);
    this.#channel.close();
  };

  #post(message: Message): void {
    this.#channel.postMessage(message);
  }

  readonly #hear = ({ data }: MessageEvent<Message>): void => {
    if (data.kind === "revision") this.onRevision(data.revision);
    else if (data.kind === "ask") this.#post({ kind: "here", page: this.page });
    else this.#living.add(data.page);
  };
}
