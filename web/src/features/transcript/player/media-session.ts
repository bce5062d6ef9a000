import { type Player, SKIP_SECONDS } from "./player";

/** Lets the system's media keys, its lock screen and headsets control the player. */
export function joinMediaSession(player: Player, title: string): () => void {
  if (!("mediaSession" in navigator)) return () => undefined;
  const session = navigator.mediaSession;
  session.metadata = new MediaMetadata({ title });
  const back = () => {
    player.skip(-SKIP_SECONDS);
  };
  const forward = () => {
    player.skip(SKIP_SECONDS);
  };
  const handlers: [MediaSessionAction, MediaSessionActionHandler][] = [
    ["play", player.play],
    ["pause", player.pause],
    ["seekbackward", back],
    ["seekforward", forward],
    ["previoustrack", back],
    ["nexttrack", forward],
    [
      "seekto",
      ({ seekTime }) => {
        if (seekTime !== undefined) player.seek(seekTime);
      },
    ],
  ];
  for (const [action, handler] of handlers) setHandler(session, action, handler);
  const unsubscribe = player.state.subscribe(() => {
    tellState(session, player);
  });
  return () => {
    unsubscribe();
    for (const [action] of handlers) setHandler(session, action, null);
    session.metadata = null;
    session.playbackState = "none";
  };
}

function tellState(session: MediaSession, player: Player): void {
  const { status, isPlaying, duration, rate } = player.state.get();
  session.playbackState = isPlaying ? "playing" : "paused";
  if (status !== "ready") return;
  const position = Math.min(player.time(), duration);
  session.setPositionState({ duration, playbackRate: rate, position });
}

function setHandler(
  session: MediaSession,
  action: MediaSessionAction,
  handler: MediaSessionActionHandler | null,
): void {
  try {
    session.setActionHandler(action, handler);
  } catch (error) {
    // A browser that does not know an action says so with a TypeError, and lacks only that one.
    if (!(error instanceof TypeError)) throw error;
  }
}
