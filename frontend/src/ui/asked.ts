import { html, nothing, type ReactiveController, type ReactiveControllerHost } from "lit";
import { IDLE, LOADING, type Loadable, ready } from "./loadable.ts";

/** What an element asks the server: only the last question counts, and one that was given up says nothing more. */
export class Asked<T> implements ReactiveController {
  answer: Loadable<T> = IDLE;
  readonly #host: ReactiveControllerHost;
  readonly #ask: (signal: AbortSignal) => Promise<T> | null;
  #abort = new AbortController();

  /** `ask` reads its host as it is at that moment, and gives null when there is nothing to ask yet. */
  constructor(host: ReactiveControllerHost, ask: (signal: AbortSignal) => Promise<T> | null) {
    this.#host = host;
    this.#ask = ask;
    host.addController(this);
  }

  get value(): T | null {
    return ready(this.answer);
  }

  hostConnected(): void {
    if (this.answer.status === "loading") void this.again();
  }

  hostDisconnected(): void {
    this.#abort.abort();
  }

  /** Something else is asked: what is on the screen no longer holds. */
  anew(): Promise<void> {
    this.#show(IDLE);
    return this.again();
  }

  /** The same once more: what is on the screen stays until the answer comes, so that nothing jumps under a finger. */
  async again(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    let next: Loadable<T>;
    try {
      const asked = this.#ask(signal);
      if (!asked) return;
      if (this.answer.status !== "ready") this.#show(LOADING);
      next = { status: "ready", value: await asked };
    } catch (error) {
      next = { status: "error", error };
    }
    if (!signal.aborted) this.#show(next);
  }

  /** Put an answer there that came in another way, such as a longer list. */
  put(value: T): void {
    this.#show({ status: "ready", value });
  }

  /** The answer as its element draws it; until then that it is on its way, or what went wrong and a way to try again. */
  draw(
    drawn: (value: T) => unknown,
    waiting: unknown = html`<kk-skeleton-rows count="5"></kk-skeleton-rows>`,
  ) {
    const { answer } = this;
    if (answer.status === "ready") return drawn(answer.value);
    if (answer.status !== "error") return waiting;
    return html`<kk-error
      .error=${answer.error}
      @retry=${(event: Event) => {
        event.stopPropagation();
        void this.again();
      }}
    ></kk-error>`;
  }

  #show(answer: Loadable<T>): void {
    this.answer = answer;
    this.#host.requestUpdate();
  }
}

/** Something that an element does for a person: one thing at a time, and what went wrong with it. */
export class Done implements ReactiveController {
  isBusy = false;
  error: unknown = null;
  readonly #host: ReactiveControllerHost;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  /** Whether it went well. */
  async run(act: () => Promise<unknown>): Promise<boolean> {
    this.#show(true, null);
    try {
      await act();
      this.#show(false, null);
      return true;
    } catch (error) {
      this.#show(false, error);
      return false;
    }
  }

  forget(): void {
    this.#show(this.isBusy, null);
  }

  hostConnected(): void {}

  /** What went wrong; what failed has its own button to try again. */
  draw() {
    return this.error ? html`<kk-error .error=${this.error} plain></kk-error>` : nothing;
  }

  #show(isBusy: boolean, error: unknown): void {
    this.isBusy = isBusy;
    this.error = error;
    this.#host.requestUpdate();
  }
}
