import type { ReactiveController, ReactiveControllerHost } from "lit";
import { caseStore } from "./store.ts";

/** Draws an element again whenever the cases change. */
export class Listening implements ReactiveController {
  readonly #draw: () => void;

  constructor(host: ReactiveControllerHost) {
    this.#draw = () => host.requestUpdate();
    host.addController(this);
  }

  hostConnected(): void {
    caseStore.addEventListener("change", this.#draw);
  }

  hostDisconnected(): void {
    caseStore.removeEventListener("change", this.#draw);
  }
}
