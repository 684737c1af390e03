import { ApiError, api, OfflineError } from "../api/client.ts";
import { problemWords } from "../ui/problem-words.ts";
import { type Kept, lastWords, toSend } from "./observing.ts";
import type { KeptPhoto, RoundStore } from "./store.ts";

const AT_ONCE = 100;

export type Outcome = "done" | "offline" | "server";

/** How much of a round still waits on this phone, and what the server would not have. */
export interface Waiting {
  waiting: number;
  refused: { uid: string; why: string }[];
}

export function waitingOf(kept: readonly Kept[], photos: readonly KeptPhoto[]): Waiting {
  const all = [...kept, ...photos];
  return {
    waiting: all.filter((one) => one.sent === "waiting").length,
    refused: all
      .filter((one) => one.sent === "refused")
      .map((one) => ({ uid: one.uid, why: one.refusal ?? "" })),
  };
}

/** May the same be sent again and be taken then? What is wrong with it will be wrong again. */
function isFinal(error: unknown): error is ApiError {
  return (
    error instanceof ApiError &&
    error.status >= 400 &&
    error.status < 500 &&
    ![401, 403, 408, 429].includes(error.status)
  );
}

function outcomeOf(error: unknown): Outcome {
  return error instanceof OfflineError ? "offline" : "server";
}

/** Send a batch; where the server refuses it, send each by itself, so that one does not hold up the others. */
async function sendBatch(store: RoundStore, round: number, batch: readonly Kept[]): Promise<void> {
  try {
    await api.sendObservations(round, batch.map(toSend));
    await store.mark(
      batch.map((one) => one.uid),
      "sent",
    );
  } catch (error) {
    if (!isFinal(error)) throw error;
    if (batch.length > 1) {
      for (const one of batch) await sendBatch(store, round, [one]);
    } else {
      await store.mark([batch[0]!.uid], "refused", problemWords(error).detail);
    }
  }
}

async function sendPhotos(store: RoundStore, round: number): Promise<void> {
  const kept = await store.observations(round);
  for (const photo of await store.photos(round)) {
    const said = lastWords(kept, photo.officer).get(photo.unit);
    // Without a word about the unit there is nothing to show the photograph with yet.
    if (photo.sent !== "waiting" || !photo.jpeg || said?.sent !== "sent") continue;
    const going = { ...photo, observation: photo.observation ?? said.uid };
    await store.keepPhoto(going);
    try {
      await api.sendPhoto(round, photo.uid, going.observation, photo.jpeg);
      await store.keepPhoto({ ...going, jpeg: null, sent: "sent" });
    } catch (error) {
      if (!isFinal(error)) throw error;
      await store.keepPhoto({ ...going, sent: "refused", refusal: problemWords(error).detail });
    }
  }
}

async function sendAll(store: RoundStore, round: number): Promise<Outcome> {
  try {
    for (;;) {
      const waiting = (await store.observations(round)).filter((one) => one.sent === "waiting");
      if (waiting.length === 0) break;
      await sendBatch(store, round, waiting.slice(0, AT_ONCE));
    }
    await sendPhotos(store, round);
    const seen = await api.roundSeen(round);
    await store.keepSeen(round, seen.items);
    return "done";
  } catch (error) {
    return outcomeOf(error);
  }
}

/**
 * Send what waits, and learn what others saw. One at a time, over all windows of this phone: the server would keep
 * nothing twice, but a phone with little reception should not send it twice either.
 */
export function synchronise(store: RoundStore, round: number): Promise<Outcome> {
  if (!navigator.locks) return sendAll(store, round);
  return navigator.locks.request(`kernkaart-round-${round}`, () => sendAll(store, round));
}
