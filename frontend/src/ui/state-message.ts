import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ApiError, OfflineError } from "../api/client.ts";
import { t } from "../text/index.ts";
import { controls } from "./controls.ts";
import { KkElement } from "./element.ts";
import { icon } from "./icons.ts";
import { problemWords } from "./problem-words.ts";

export interface ErrorWords {
  title: string;
  detail: string;
  wayOut: string | null;
}

/** What went wrong, in words, with the way out and a button to try again. */
@customElement("kk-error")
export class KkError extends KkElement {
  @property({ attribute: false }) error: unknown = null;
  /** Better words than ours, where a subject knows this error. */
  @property({ attribute: false }) words: ErrorWords | null = null;
  /** Without a button to try again: what failed has its own. */
  @property({ type: Boolean }) plain = false;

  static override styles = [
    controls,
    css`
      .box {
        display: grid;
        grid-template-columns: auto 1fr;
        gap: 4px 10px;
        padding: 14px 16px;
        border-left: 3px solid var(--bad-ink);
        background: var(--bad-ground);
        border-radius: 0 var(--radius) var(--radius) 0;
      }
      .icon {
        color: var(--bad-ink);
        margin-top: 1px;
      }
      .heading {
        font-weight: 600;
        font-size: 15px;
      }
      .more {
        grid-column: 2;
        display: grid;
        gap: 8px;
        justify-items: start;
      }
      code {
        padding: 1px 5px;
        background: rgb(255 255 255 / 70%);
        border-radius: 3px;
      }
    `,
  ];

  #words(): ErrorWords {
    const { error } = this;
    if (this.words) return this.words;
    if (error instanceof OfflineError) {
      return { title: t("error.offline"), detail: t("error.offline_detail"), wayOut: null };
    }
    if (error instanceof ApiError) {
      const title = t(
        error.status === 404
          ? "error.not_found"
          : error.status >= 500
            ? "error.server"
            : error.code
              ? "error.refused"
              : error.status === 409
                ? "error.conflict"
                : "error.server",
      );
      if (error.status >= 500) return { title, detail: t("error.server_detail"), wayOut: null };
      return { title, ...problemWords(error) };
    }
    return {
      title: t("error.unexpected"),
      detail: error instanceof Error ? error.message : "",
      wayOut: null,
    };
  }

  protected override render() {
    const { title, detail, wayOut } = this.#words();
    return html`<div class="box" role="alert">
      ${icon("alert", 20)}
      <p class="heading">${title}</p>
      <div class="more small">
        ${detail ? html`<p>${detail}</p>` : nothing} ${wayOut ? html`<p>${wayOut}</p>` : nothing}
        ${
          this.error instanceof ApiError && this.error.code === "sign_in_needed"
            ? html`<button class="button primary" @click=${() => this.emit("account-open")}>${t("account.sign_in")}</button>`
            : nothing
        }
        ${
          this.plain
            ? nothing
            : html`<button class="button" @click=${() => this.emit("retry")}>${icon("reset", 16)} ${t("error.retry")}</button>`
        }
      </div>
    </div>`;
  }
}

/** A place where nothing is to be seen, and what to do about it. */
@customElement("kk-empty")
export class KkEmpty extends KkElement {
  @property() heading = "";
  @property() text = "";

  static override styles = [
    controls,
    css`
      div {
        display: grid;
        gap: 6px;
        justify-items: center;
        padding: 28px 20px;
        text-align: center;
        color: var(--ink-2);
      }
      .heading {
        font-weight: 600;
        font-size: 15px;
        color: var(--ink);
      }
    `,
  ];

  protected override render() {
    return html`<div>
      <p class="heading">${this.heading}</p>
      ${this.text ? html`<p class="small">${this.text}</p>` : nothing}
      <slot></slot>
    </div>`;
  }
}
