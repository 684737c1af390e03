import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { phoneControls } from "./phone.css.ts";
import type { Waiting } from "./sync.ts";
import type { Walk } from "./walk.ts";

/** How much waits on this phone, in words, and the button that sends it. */
@customElement("kk-round-sync")
export class KkRoundSync extends KkElement {
  @property({ attribute: false }) state: Walk["state"] = "idle";
  @property({ attribute: false }) waiting: Waiting = { waiting: 0, refused: [] };

  static override styles = [
    controls,
    phoneControls,
    css`
      .bar {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 8px;
        padding: 2px 12px 2px 14px;
        background: var(--accent-weak);
        color: var(--accent-strong);
        font-weight: 600;
        font-size: 14px;
      }
      .bar.away {
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
      button {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-height: 44px;
        padding: 0 8px;
        border: 0;
        background: none;
        color: inherit;
        font-weight: 700;
        text-decoration: underline;
      }
      details {
        padding: 8px 14px;
        background: var(--bad-ground);
        color: var(--bad-ink);
      }
      summary {
        min-height: 32px;
        font-weight: 700;
      }
    `,
  ];

  #text(): string {
    const { waiting: n } = this.waiting;
    if (this.state === "syncing") return t("round.syncing");
    if (this.state === "offline") return n ? t("round.offline", { n }) : t("round.offline_none");
    if (this.state === "server") return t("round.server", { n });
    return n ? t("round.waiting", { n }) : t("round.sent");
  }

  protected override render() {
    const isAway = this.state === "offline" || this.state === "server";
    const { refused } = this.waiting;
    return html`<div class="bar ${isAway ? "away" : ""}">
        <span role="status">${this.#text()}</span>
        <button ?disabled=${this.state === "syncing"} @click=${() => this.emit("send")}>
          ${icon("reset", 18)} ${t("round.sync")}
        </button>
      </div>
      ${
        refused.length
          ? html`<details>
              <summary>${t("round.refused", { n: refused.length })}</summary>
              <p class="small">${t("round.refused_hint")}</p>
              <ul class="small">
                ${refused.map(({ why }) => html`<li>${why}</li>`)}
              </ul>
            </details>`
          : nothing
      }`;
  }
}
