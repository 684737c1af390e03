import {
  CASE_PROCESS,
  type Case,
  type CaseDetail,
  type CaseState,
  type CaseStep,
  casesApi,
} from "../api/cases.ts";
import { LOADING, type Loadable, load, ready } from "../ui/loadable.ts";

export interface CaseFilters {
  text: string;
  acts: string;
  handledBy: string;
  /** Also what is lost, rejected or taken care of. */
  closed: boolean;
}

export const NO_CASE_FILTERS: CaseFilters = { text: "", acts: "", handledBy: "", closed: false };
const SIGNED = CASE_PROCESS.indexOf("signed");
const CLOSED: readonly CaseState[] = ["lost", "rejected", "aftercare"];
/** Steps that ask something even where nothing is missing. */
const ASKING: readonly CaseState[] = ["signed", "opened", "visit_planned", "on_hold", "lost"];

/** The cases that the filters leave. */
export function filterCases(items: readonly Case[], filters: CaseFilters): Case[] {
  const text = filters.text.trim().toLowerCase();
  return items.filter((item) => {
    if (!filters.closed && CLOSED.includes(item.state)) return false;
    if (filters.acts && item.acts !== filters.acts) return false;
    if (filters.handledBy && item.handled_by !== filters.handledBy) return false;
    const words = [item.title, item.prospect_name, ...item.units.map(({ address }) => address)];
    return !text || words.some((word) => word?.toLowerCase().includes(text));
  });
}

/** Whether a step can be taken at once, or has something to ask first. */
export function isPlain(step: CaseStep): boolean {
  return step.needs.length === 0 && !(step.way !== "back" && ASKING.includes(step.to));
}

/** Whether a step goes back over the signing, so that the unit stands empty again. */
export function takesLeaseBack(item: Case, { to, way }: CaseStep): boolean {
  return way === "back" && item.signed_on !== null && CASE_PROCESS.indexOf(to as never) < SIGNED;
}

/** The step that lies to the right or left of a case on the board. */
export function sideways(item: Case, way: "forward" | "back"): CaseStep | null {
  if (way === "forward")
    return item.steps.find((step) => step.way === "forward" || step.way === "resume") ?? null;
  return item.steps.filter((step) => step.way === "back").at(-1) ?? null;
}

/** What was done last, and how it is taken back; no way back where there is none. */
export interface Done {
  text: string;
  undo: (() => Promise<unknown>) | null;
}

/** The cases of the municipality in view: one list for board, table and map. */
class CaseStore extends EventTarget {
  list: Loadable<{ today: string; items: Case[] }> = LOADING;
  filters: CaseFilters = NO_CASE_FILTERS;
  done: Done | null = null;
  /** A step that somebody began on the board and that asks something first. */
  asked: { id: number; to: CaseState } | null = null;
  error: unknown = null;
  /** A case that is being made in a municipality, perhaps for a unit. */
  beginning: { municipality: string; unit: { id: number; address: string } | null } | null = null;
  #municipality = "";
  readonly #running = new Set<unknown>();
  #abort = new AbortController();

  get shown(): Case[] {
    return filterCases(ready(this.list)?.items ?? [], this.filters);
  }

  get municipality(): string {
    return this.#municipality;
  }

  open(municipality: string): void {
    if (this.beginning?.municipality !== municipality) this.beginning = null;
    if (municipality === this.#municipality) {
      // Who comes back sees what was there until what changed meanwhile has come.
      void this.reload();
      return;
    }
    this.#municipality = municipality;
    this.filters = NO_CASE_FILTERS;
    this.done = this.asked = null;
    this.error = null;
    this.list = LOADING;
    void this.reload();
  }

  async reload(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    if (!this.#municipality) return;
    await load(
      () => casesApi.list({ municipality: this.#municipality }, signal),
      (value) => {
        // What is on the screen stays until the answer comes.
        if (value.status !== "loading" || this.list.status !== "ready") this.list = value;
        this.tell();
      },
      signal,
    );
  }

  begin(municipality: string, unit: { id: number; address: string } | null): void {
    this.beginning = { municipality, unit };
    this.tell();
  }

  /** Take a step, or ask first what it needs. */
  move(item: Case, step: CaseStep, text: string): Promise<unknown> {
    if (isPlain(step) && !takesLeaseBack(item, step))
      return this.act(
        () => casesApi.step(item.id, item.version, { to: step.to }),
        undoOf(text),
        `step ${item.id}`,
      );
    this.asked = { id: item.id, to: step.to };
    this.tell();
    return Promise.resolve(null);
  }

  filter(patch: Partial<CaseFilters>): void {
    this.filters = { ...this.filters, ...patch };
    this.tell();
  }

  /**
   * Do something, and offer to take it back; answers what came of it, or null.
   * What goes by the name `once` is not begun again before its answer came: pressed twice it is done once.
   */
  async act<T>(work: () => Promise<T>, told?: (value: T) => Done | null, once?: string) {
    const name = once ?? work;
    if (this.#running.has(name)) return null;
    this.#running.add(name);
    this.error = null;
    try {
      const value = await work().finally(() => this.#running.delete(name));
      this.done = told ? told(value) : null;
      this.asked = null;
      // The open case shows at once what was answered, so that nobody presses on what held before.
      this.dispatchEvent(new CustomEvent("wrote", { detail: value }));
      await this.reload();
      return value;
    } catch (error) {
      this.error = error;
      this.tell();
      return null;
    }
  }

  async takeBack(): Promise<void> {
    const { done } = this;
    if (done?.undo) await this.act(done.undo, undefined, "undo");
  }

  tell(): void {
    this.dispatchEvent(new Event("change"));
  }
}

export const caseStore = new CaseStore();

/** How a change of a case is taken back. */
export const undoOf =
  (text: string) =>
  (value: CaseDetail): Done => ({
    text,
    undo: value.can_undo ? () => casesApi.undo(value.id, value.version) : null,
  });
