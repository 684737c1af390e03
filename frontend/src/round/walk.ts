import { ApiError, api, OfflineError } from "../api/client.ts";
import type { RoundBranch, RoundPackage, RoundSeen, RoundStop } from "../api/types.ts";
import {
  type Kept,
  lastTap,
  lastWords,
  type Maker,
  type Said,
  type SeenUnits,
  seenUnits,
  tap,
  undo,
} from "./observing.ts";
import { shrink } from "./shrink.ts";
import type { KeptPhoto, RoundStore } from "./store.ts";
import { type Outcome, synchronise, type Waiting, waitingOf } from "./sync.ts";
import { newUid } from "./uid.ts";

const PATIENCE_MS = 4_000;

/** Neither on this phone nor to be had from the server now. */
export class NotHere extends Error {}

/** Who stands in the street with a bar of reception goes on with what the phone has. */
function tooLate(): Promise<never> {
  return new Promise((_, refuse) => setTimeout(() => refuse(new OfflineError()), PATIENCE_MS));
}

/** One officer on one round on this phone; every change is in the store before it is on the screen. */
export class Walk {
  kept: Kept[] = [];
  photos: KeptPhoto[] = [];
  others: RoundSeen[] = [];
  state: Outcome | "idle" | "syncing" = "idle";
  readonly branches: ReadonlyMap<string, RoundBranch>;

  private constructor(
    readonly store: RoundStore,
    readonly taken: RoundPackage,
    readonly officer: string,
    readonly changed: () => void,
  ) {
    this.branches = new Map(taken.branches.map((branch) => [branch.code, branch]));
  }

  /** Take the round along: as the server has it now, or as this phone kept it. */
  static async open(store: RoundStore, round: number, officer: string, changed: () => void): Promise<Walk> {
    let taken = await store.package(round);
    try {
      const asked = api.roundPackage(round);
      taken = await (taken ? Promise.race([asked, tooLate()]) : asked);
      await store.keepPackage(taken);
    } catch (error) {
      if (!(error instanceof OfflineError || (error instanceof ApiError && error.status >= 500))) throw error;
    }
    if (!taken) throw new NotHere();
    const walk = new Walk(store, taken, officer, changed);
    await walk.read();
    return walk;
  }

  async read(): Promise<void> {
    const { id } = this.taken.round;
    [this.kept, this.photos, this.others] = await Promise.all([
      this.store.observations(id),
      this.store.photos(id),
      this.store.seen(id),
    ]);
    this.changed();
  }

  get words(): Map<number, Kept> {
    return lastWords(this.kept, this.officer);
  }

  get seen(): SeenUnits {
    return seenUnits(this.words, this.others, this.officer);
  }

  get waiting(): Waiting {
    return waitingOf(this.kept, this.photos);
  }

  get last(): Kept[] {
    return lastTap(this.kept, this.officer);
  }

  get #maker(): Maker {
    return { round: this.taken.round.id, officer: this.officer, now: () => new Date(), uid: newUid };
  }

  async say(stops: readonly RoundStop[], said: Said, isBulk = false): Promise<void> {
    await this.store.keep(tap(this.kept, stops, said, this.#maker, isBulk));
    await this.read();
    void this.send();
  }

  async takeBack(): Promise<void> {
    await this.store.keep(undo(this.kept, this.#maker));
    await this.read();
    void this.send();
  }

  async addPhoto(file: Blob, stop: RoundStop): Promise<void> {
    const jpeg = await shrink(file);
    await this.store.keepPhoto({
      uid: newUid(),
      round: this.taken.round.id,
      unit: stop.unit_id,
      officer: this.officer,
      observation: null,
      jpeg,
      sent: "waiting",
      refusal: null,
    });
    await this.read();
    void this.send();
  }

  photosOf(stop: RoundStop): number {
    return this.photos.filter((photo) => photo.unit === stop.unit_id && photo.officer === this.officer)
      .length;
  }

  /** Try what the server refused once more: what stood in its way may have been mended. */
  async sendAgain(): Promise<void> {
    const refused = this.kept.filter((one) => one.sent === "refused").map((one) => one.uid);
    await this.store.mark(refused, "waiting");
    for (const photo of this.photos.filter((one) => one.sent === "refused")) {
      await this.store.keepPhoto({ ...photo, sent: "waiting", refusal: null });
    }
    await this.read();
    await this.send();
  }

  /** Send what waits; a tap while it is sending is sent right after. */
  async send(): Promise<void> {
    if (this.state === "syncing") return;
    this.state = "syncing";
    this.changed();
    let before = -1;
    let outcome: Outcome = "done";
    // A photograph without a word about its unit goes on waiting: stop when nothing more can be sent.
    while (outcome === "done" && this.waiting.waiting !== before) {
      before = this.waiting.waiting;
      outcome = await synchronise(this.store, this.taken.round.id).catch(() => "server" as const);
      await this.read();
    }
    this.state = outcome;
    this.changed();
  }
}
