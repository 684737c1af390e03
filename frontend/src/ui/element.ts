import { LitElement } from "lit";
import { onLanguage } from "../text/index.ts";

/** An element that is drawn again when the language changes. */
export class KkElement extends LitElement {
  #stop: (() => void) | undefined;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = onLanguage(() => this.requestUpdate());
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop?.();
  }

  /** Say something to whoever listens above; `detail` is what it is about. */
  protected emit(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }
}
