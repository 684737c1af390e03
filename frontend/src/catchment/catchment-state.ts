import { api } from "../api/client.ts";
import type { Catchment, CatchmentDifference, StreetSegment } from "../api/types.ts";
import { IDLE, LOADING, type Loadable, ready } from "../ui/loadable.ts";
import { Newest } from "./newest.ts";
import type { Pick } from "./pick.ts";
import { catchmentQuery, NO_QUESTION, pointAt, type Question } from "./question.ts";

const MOST_KEPT = 40;

/** The answer about one place; the last one stays in sight while the next is on its way. */
interface Slot {
  key: string;
  answer: Loadable<Catchment>;
  shown: Catchment | null;
  abort: AbortController;
}

interface Dragged {
  index: number;
  lon: number;
  lat: number;
}

/** What the tab of catchments knows: an answer per place, the streets it names, what is dragged and pointed at. */
export class CatchmentState {
  question: Question = NO_QUESTION;
  pick: Pick | null = null;
  dragged: Dragged | null = null;
  difference: Loadable<CatchmentDifference> = IDLE;
  readonly streets = new Map<number, StreetSegment>();
  /** Counts up when something was stored. */
  version = 0;
  /** Whether the map is still to be moved to what was asked. */
  isToFit = false;

  readonly #tell: () => void;
  readonly #kept = new Map<string, Catchment>();
  readonly #live: Newest<Dragged, Catchment>;
  #slots: Slot[] = [];
  #differenceKey = "";

  constructor(tell: () => void) {
    this.#tell = tell;
    this.#live = new Newest(
      (at) => api.catchment(catchmentQuery(this.question, pointAt(at.lon, at.lat))),
      (at, answer) => this.#follow(at, answer),
    );
  }

  /** Load what the question needs and is not there yet. */
  apply(question: Question, isOn: boolean): void {
    this.question = question;
    if (!isOn) {
      this.pick = null;
      return;
    }
    const keys = question.stored
      ? [`stored ${question.stored.id} ${question.stored.run ?? ""}`]
      : question.places.map((place) => JSON.stringify(catchmentQuery(question, place)));
    const old = this.#slots;
    this.#slots = keys.map((key, i) => this.#slot(key, old, i));
    for (const slot of old) if (!this.#slots.includes(slot)) slot.abort.abort();
    this.#loadStreets([...question.closed, ...question.opened]);
    this.#loadDifference();
  }

  #slot(key: string, old: readonly Slot[], index: number): Slot {
    const same = old.find((slot) => slot.key === key && slot.answer.status !== "error");
    if (same) return same;
    const known = this.#kept.get(key);
    const abort = new AbortController();
    if (known) return { key, answer: { status: "ready", value: known }, shown: known, abort };
    const slot: Slot = { key, answer: LOADING, shown: old[index]?.shown ?? null, abort };
    void this.#load(slot, index);
    return slot;
  }

  async #load(slot: Slot, index: number): Promise<void> {
    const { question } = this;
    const { signal } = slot.abort;
    const { stored } = question;
    try {
      const value = stored
        ? await api.storedCatchment(stored.id, stored.run, signal)
        : await api.catchment(catchmentQuery(question, question.places[index]!), signal);
      if (signal.aborted) return;
      this.#keep(slot.key, value);
      slot.answer = { status: "ready", value };
      slot.shown = value;
    } catch (error) {
      if (signal.aborted) return;
      slot.answer = { status: "error", error };
      slot.shown = null;
    }
    this.#tell();
  }

  #keep(key: string, value: Catchment): void {
    this.#kept.set(key, value);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** The answer of each place, or the last one while it is being asked anew. */
  get shown(): (Catchment | null)[] {
    return this.#slots.map((slot) => slot.shown);
  }

  get answers(): Loadable<Catchment>[] {
    return this.#slots.map((slot) => slot.answer);
  }

  get isBusy(): boolean {
    return this.dragged !== null || this.#slots.some((slot) => slot.answer.status === "loading");
  }

  get isComplete(): boolean {
    return this.#slots.length > 0 && this.#slots.every((slot) => slot.answer.status === "ready");
  }

  /** A place is on the move: the figures follow as fast as answers come. */
  drag(index: number, lon: number, lat: number): void {
    this.dragged = { index, lon, lat };
    this.#live.ask(this.dragged);
  }

  /** The place was let go; whatever is still on its way is no longer waited for. */
  drop(): void {
    this.dragged = null;
    this.#live.drop();
  }

  #follow(at: Dragged, answer: Catchment): void {
    const slot = this.#slots[at.index];
    this.#keep(JSON.stringify(catchmentQuery(this.question, pointAt(at.lon, at.lat))), answer);
    if (slot && this.dragged?.index === at.index) slot.shown = answer;
    this.#tell();
  }

  #loadStreets(ids: readonly number[]): void {
    const missing = ids.filter((id) => !this.streets.has(id));
    if (missing.length === 0) return;
    api.streets(missing).then(
      ({ features }) => {
        for (const street of features) this.streets.set(street.id, street);
        this.#tell();
      },
      // A street that cannot be named is still closed; it is then listed by its number.
      () => undefined,
    );
  }

  #loadDifference(): void {
    const { stored, versus } = this.question;
    const key = stored && versus ? JSON.stringify([stored, versus]) : "";
    if (key === this.#differenceKey && this.difference.status !== "error") return;
    this.#differenceKey = key;
    this.difference = key ? LOADING : IDLE;
    if (!stored || !versus) return;
    const set = (difference: Loadable<CatchmentDifference>) => {
      if (key !== this.#differenceKey) return;
      this.difference = difference;
      this.#tell();
    };
    api
      .catchmentDifference(stored.id, { other: versus.id, run: stored.run, other_run: versus.run })
      .then((value) => set({ status: "ready", value }))
      .catch((error: unknown) => set({ status: "error", error }));
  }

  /** Forget what was kept, after something on the server changed. */
  refresh(): void {
    this.version += 1;
    this.#kept.clear();
    this.#differenceKey = "";
    for (const slot of this.#slots) slot.abort.abort();
    this.#slots = this.#slots.map((slot) => ({ ...slot, key: "" }));
    this.apply(this.question, true);
  }

  /** Ask again for whatever could not be had. */
  retry(): void {
    this.apply(this.question, true);
  }

  get isFailed(): boolean {
    return this.difference.status === "error" || this.#slots.some((slot) => slot.answer.status === "error");
  }

  /** The stored catchment on the screen, once it is there. */
  get stored(): Catchment["stored"] | null {
    return this.question.stored ? (ready(this.answers[0] ?? IDLE)?.stored ?? null) : null;
  }
}
