import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { ShopUnitDetail, WorklistItem } from "../api/types.ts";
import { date, duration } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

/** When somebody last saw a shop unit, and what is still to be looked at there. */
@customElement("kk-unit-freshness")
export class KkUnitFreshness extends KkElement {
  @property({ attribute: false }) unit!: ShopUnitDetail;
  @property() language = "nl";
  @state() private items: WorklistItem[] = [];
  #abort = new AbortController();

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
    if (!changed.has("unit") && !changed.has("language")) return;
    this.#abort.abort();
    this.#abort = new AbortController();
    this.items = [];
    void this.#load(this.#abort.signal);
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { id, nis_code: municipality } = this.unit;
    try {
      const { items } = await api.worklist({ municipality, shop_unit: id, lang: this.language }, signal);
      this.items = items.filter((item) => item.kind !== "stale");
    } catch {
      // The panel is about the unit; what is open of it is told by the work list itself.
    }
  }

  #seen(): string {
    const { last_seen_on: on, seen_months_ago: months } = this.unit;
    if (on === null || months === null) return t("worklist.never_seen");
    const ago = months < 1 ? t("worklist.this_month") : t("worklist.ago", { ago: duration(months, "month") });
    return t("worklist.seen", { on: date(on), ago });
  }

  protected override render() {
    const isOld = this.unit.freshness === "stale" || this.unit.freshness === "never";
    return html`<p>
        ${this.#seen()} ${isOld ? html`<span class="badge warn">${t("worklist.is_stale")}</span>` : nothing}
      </p>
      ${
        this.items.length
          ? html`<div class="open">
            <strong>${icon("alert", 16)} ${t("worklist.open_here")}</strong>
            <ul>
              ${this.items.map(
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
