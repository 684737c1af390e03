import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { ShopUnitDetail, WorklistItem } from "../api/types.ts";
import { date, duration } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

/** When somebody last saw a shop unit, and what is still to be looked at there. */
@customElement("kk-unit-freshness")
export class KkUnitFreshness extends KkElement {
  @property({ attribute: false }) unit!: ShopUnitDetail;
  @property() language = "nl";
  readonly #open = new Asked(this, (signal) => this.#ask(signal));

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 6px;
        margin: 8px 0 0;
        font-size: 14px;
      }
      .open {
        padding: 7px 10px;
        border-radius: var(--radius);
        background: var(--warn-ground);
        color: var(--warn-ink);
      }
      .open .quiet {
        padding-left: 0;
        color: var(--warn-ink);
        text-decoration: underline;
      }
      .open .quiet:hover {
        background: none;
      }
      li {
        margin-top: 2px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("unit") || changed.has("language")) void this.#open.anew();
  }

  async #ask(signal: AbortSignal): Promise<WorklistItem[]> {
    const { id, nis_code: municipality } = this.unit;
    const { items } = await api.worklist({ municipality, shop_unit: id, lang: this.language }, signal);
    return items.filter((item) => item.kind !== "stale");
  }

  #seen(): string {
    const { last_seen_on: on, seen_months_ago: months } = this.unit;
    if (on === null || months === null) return t("worklist.never_seen");
    const ago = months < 1 ? t("worklist.this_month") : t("worklist.ago", { ago: duration(months, "month") });
    return t("worklist.seen", { on: date(on), ago });
  }

  protected override render() {
    // The panel is about the unit; whatever went wrong is told by the work list itself.
    const items = this.#open.value ?? [];
    const isOld = this.unit.freshness === "stale" || this.unit.freshness === "never";
    return html`<p>
        ${this.#seen()} ${isOld ? html`<span class="badge warn">${t("worklist.is_stale")}</span>` : nothing}
      </p>
      ${
        items.length
          ? html`<div class="open">
            <strong>${icon("alert", 16)} ${t("worklist.open_here")}</strong>
            <ul>
              ${items.map(
                (item) =>
                  html`<li>${tCode("worklist_kind", item.kind)}${item.other ? `: ${item.other.says[0]}` : ""}</li>`,
              )}
            </ul>
            <button class="quiet" @click=${() => this.emit("view-change", { tab: "vacancy", section: "worklist" })}>
              ${t("worklist.to_list")}
            </button>
          </div>`
          : nothing
      }`;
  }
}
