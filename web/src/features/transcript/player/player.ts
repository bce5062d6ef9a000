import { Observable } from "@/lib/observable";

/*
 * The player of one recording.  It holds the media element once that is there, and may be asked to
 * play or to jump before.  `state` changes seldom and may be rendered; the time is told by `onTime`,
 * each frame while it plays and after each jump, and is not for React to render.
 */

export interface PlayerState {
  status: "loading" | "ready" | "failed";
  isPlaying: boolean;
  /** It would play, and waits for bytes. */
  isWaiting: boolean;
  /** Of the media itself; the transcript's before that is known. */
  duration: number;
  rate: number;
  volume: number;
  isMuted: boolean;
  hasPicture: boolean;
}

export const MIN_RATE = 0.5;
export const MAX_RATE = 3;
export const RATE_STEP = 0.25;
/** How far one press on "back" or "forward" goes. */
export const SKIP_SECONDS = 3;
export const LONG_SKIP_SECONDS = 15;

export type TimeListener = (seconds: number) => void;

const events = [
  ...["loadedmetadata", "durationchange", "play", "playing", "pause", "waiting", "ended"],
  ...[
    "seeking",
    "seeked",
    "ratechange",
    "volumechange",
    "error",
    "canplay",
    "resize",
    "timeupdate",
  ],
];

export class Player {
  readonly state: Observable<PlayerState>;
  #media: HTMLMediaElement | undefined;
  #startAt: number | undefined;
  #frame: number | undefined;
  readonly #timeListeners = new Set<TimeListener>();

  constructor(duration: number, { rate = 1, volume = 1 } = {}) {
    this.state = new Observable<PlayerState>({
      status: "loading",
      isPlaying: false,
      isWaiting: false,
      duration,
      rate,
      volume,
      isMuted: false,
      hasPicture: false,
    });
  }

  /** The element that plays; the returned function lets it go. */
  readonly attach = (media: HTMLMediaElement | null): (() => void) | undefined => {
    if (!media) return undefined;
    this.#media = media;
    const { rate, volume } = this.state.get();
    media.defaultPlaybackRate = rate;
    media.playbackRate = rate;
    media.preservesPitch = true;
    media.volume = volume;
    if (this.#startAt !== undefined) media.currentTime = this.#startAt;
    for (const name of events) media.addEventListener(name, this.#follow);
    this.#follow();
    return () => {
      for (const name of events) media.removeEventListener(name, this.#follow);
      media.pause();
      this.#media = undefined;
      this.#stopFrames();
    };
  };

  readonly time = (): number => this.#media?.currentTime ?? this.#startAt ?? 0;

  readonly onTime = (listener: TimeListener): (() => void) => {
    this.#timeListeners.add(listener);
    listener(this.time());
    return () => {
      this.#timeListeners.delete(listener);
    };
  };

  readonly play = (): void => {
    // It rejects where playing is refused or overtaken by a pause; the element's events tell both.
    this.#media?.play().catch(() => {
      this.#follow();
    });
  };

  readonly pause = (): void => {
    this.#media?.pause();
  };

  readonly toggle = (): void => {
    if (this.state.get().isPlaying) this.pause();
    else this.play();
  };

  readonly seek = (seconds: number): void => {
    const target = Math.min(Math.max(0, seconds), this.state.get().duration);
    this.#startAt = target;
    if (this.#media) this.#media.currentTime = target;
    this.#tell();
  };

  readonly skip = (seconds: number): void => {
    this.seek(this.time() + seconds);
  };

  readonly setRate = (rate: number): void => {
    const bounded = Math.min(MAX_RATE, Math.max(MIN_RATE, rate));
    this.#change({ rate: bounded });
    if (!this.#media) return;
    this.#media.defaultPlaybackRate = bounded;
    this.#media.playbackRate = bounded;
  };

  readonly setVolume = (volume: number): void => {
    const bounded = Math.min(1, Math.max(0, volume));
    this.#change({ volume: bounded, isMuted: false });
    if (!this.#media) return;
    this.#media.volume = bounded;
    this.#media.muted = false;
  };

  readonly toggleMuted = (): void => {
    const isMuted = !this.state.get().isMuted;
    this.#change({ isMuted });
    if (this.#media) this.#media.muted = isMuted;
  };

  /** Loads the media again after it failed. */
  readonly retry = (): void => {
    const at = this.time();
    this.#change({ status: "loading" });
    this.#media?.load();
    this.seek(at);
  };

  readonly #follow = (): void => {
    const media = this.#media;
    if (!media) return;
    const isPlaying = !media.paused && !media.ended;
    const { duration, status } = this.state.get();
    const isKnown = media.readyState >= HTMLMediaElement.HAVE_METADATA;
    this.#change({
      status: media.error ? "failed" : isKnown ? "ready" : status,
      isPlaying,
      isWaiting: isPlaying && media.readyState < HTMLMediaElement.HAVE_FUTURE_DATA,
      duration: Number.isFinite(media.duration) ? media.duration : duration,
      hasPicture: media instanceof HTMLVideoElement && media.videoWidth > 0,
    });
    if (isPlaying) this.#startFrames();
    else this.#stopFrames();
    this.#tell();
  };

  #change(change: Partial<PlayerState>): void {
    const state = this.state.get();
    const keys = Object.keys(change) as (keyof PlayerState)[];
    if (keys.some((key) => state[key] !== change[key])) this.state.set({ ...state, ...change });
  }

  #startFrames(): void {
    if (this.#frame !== undefined) return;
    const step = () => {
      this.#frame = requestAnimationFrame(step);
      this.#tell();
    };
    this.#frame = requestAnimationFrame(step);
  }

  #stopFrames(): void {
    if (this.#frame !== undefined) cancelAnimationFrame(this.#frame);
    this.#frame = undefined;
  }

  #tell(): void {
    const seconds = this.time();
    for (const listener of [...this.#timeListeners]) listener(seconds);
  }
}
