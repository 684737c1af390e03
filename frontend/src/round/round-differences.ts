import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { apiUrl } from "../api/client.ts";
import type { RoundDifference, RoundDifferences, RoundKind, RoundObservation } from "../api/types.ts";
import { shortDate } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { grouped, KINDS, openIds } from "./deciding.ts";
import { deskStyles } from "./desk.css.ts";

/** Notes change nothing in the register: they are dealt with, not taken over. */
const NOTES: readonly RoundKind[] = ["not_found", "new_unit", "taken_back"];
const SHOWN_AT_FIRST = 20;

type Ids = { accept?: number[]; reject?: number[]; reopen?: number[] };

/** What officers saw that the register does not say, kind by kind. */
@customElement("kk-round-differences")
export class KkRoundDifferences extends KkElement {
  @property({ type: Number }) round = 0;
  @property({ attribute: false }) differences!: RoundDifferences;
  @property({ type: Boolean }) isBusy = false;
  @state() private isWhole = false;
  @state() private opened: ReadonlySet<RoundKind> = new Set();

  static override styles = [
    controls,
    deskStyles,
    css`
      :host {
        display: grid;
        gap: 14px;
      }
      .kind {
        display: grid;
        gap: 6px;
      }
      .both {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 6px;
      }
      .item {
        display: grid;
        gap: 4px;
        padding: 10px 0;
        border-top: 1px solid var(--line);
        font-size: 14.5px;
      }
      .item .quiet {
        padding-left: 0;
        text-align: left;
      }
      .seen {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 4px 8px;
        align-items: center;
      }
      .photos {
        grid-column: 1 / -1;
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
      }
      .photos img {
        display: block;
        width: 84px;
        height: 84px;
        object-fit: cover;
        border-radius: var(--radius);
      }
      label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 28px;
        font-size: 14px;
      }
    `,
  ];

  #decide(ids: Ids): void {
    this.emit("decide", ids);
  }

  #saying(state: string, name: string | null, branch: string | null): string {
    const parts = [tCode("state", state)];
    if (state !== "vacant" && name) parts.push(name);
    if (state !== "vacant" && branch) parts.push(tCode("branch", branch));
    return parts.join(" · ");
  }

  #said(one: RoundObservation): string {
    if (one.status !== "occupied" && one.status !== "new_unit") return tCode("round_status", one.status);
    const more = [one.occupant_name, one.branch_code ? tCode("branch", one.branch_code) : null].filter(
      Boolean,
    );
    return [tCode("round_status", one.status), ...more].join(" · ");
  }

  #observation(item: RoundDifference, one: RoundObservation) {
    const address = item.address;
    const act = (ids: Ids, text: string, look: string) =>
      html`<button class="button ${look}" ?disabled=${this.isBusy} aria-label=${`${text}: ${address}, ${one.officer}`} @click=${() => this.#decide(ids)}>${text}</button>`;
    const isNote = NOTES.includes(item.kind);
    // Where two saw something else, none of the answers is the obvious one.
    const look = item.conflicts.length && !isNote ? "" : "primary";
    const more = [shortDate(one.observed_at), ...(one.is_bulk ? [t("rounds.bulk")] : [])].join(" · ");
    return html`<div class="seen">
      <div>
        <strong>${t("rounds.saw", { officer: one.officer })}: ${this.#said(one)}</strong>
        <span class="small muted">${more}</span>
        ${one.note ? html`<p class="small">${t("rounds.note", { note: one.note })}</p>` : nothing}
      </div>
      <div class="tools">
        ${
          one.decision === "pending"
            ? html`${act({ accept: [one.id] }, isNote ? t("rounds.handled") : t("rounds.accept"), look)}
              ${act({ reject: [one.id] }, t("rounds.reject"), "")}`
            : html`<span class="badge">${tCode("round_decision", one.decision)}</span>
              ${one.decision === "rejected" ? act({ reopen: [one.id] }, t("rounds.reopen_one"), "") : nothing}`
        }
      </div>
      ${
        one.photos.length
          ? html`<div class="photos">
              ${one.photos.map((photo) => {
                const source = apiUrl(`rounds/${this.round}/photos/${photo}.jpg`);
                return html`<a href=${source} target="_blank"><img src=${source} loading="lazy" alt=${t("rounds.photo", { address })} /></a>`;
              })}
            </div>`
          : nothing
      }
    </div>`;
  }

  #item(item: RoundDifference) {
    const first = item.observations[0]!;
    const then = this.#saying(first.base_state, first.base_occupant_name, first.base_branch_code);
    const now = this.#saying(item.now.state, item.now.occupant_name, item.now.branch_code);
    return html`<li class="item">
      <button class="quiet" aria-label=${t("rounds.open_unit", { address: item.address })} @click=${() => this.emit("unit-select", { id: item.unit_id })}>
        ${icon("pin", 16)} ${item.address}
      </button>
      <p class="small">${t("rounds.was")}: ${then}${now === then ? nothing : html`<br />${t("rounds.is_now")}: ${now}`}</p>
      ${item.conflicts.map((conflict) => html`<p><span class="badge warn">${icon("alert", 14)} ${tCode("round_conflict", conflict)}</span></p>`)}
      ${item.observations.map((one) => this.#observation(item, one))}
    </li>`;
  }

  #kind(kind: RoundKind, items: readonly RoundDifference[]) {
    const ids = openIds(items);
    const isOpen = this.opened.has(kind);
    // Confirmations are many and alike: their number says enough until somebody wants to see them.
    const most = kind === "confirmed" ? 0 : SHOWN_AT_FIRST;
    const shown = isOpen ? items : items.slice(0, most);
    return html`<section class="kind" aria-label=${tCode("round_kind", kind)}>
      <h3>${tCode("round_kind", kind)} · ${items.length}</h3>
      ${
        ids.length > 1
          ? html`<div class="both"><button class="button" ?disabled=${this.isBusy} @click=${() => this.#decide({ accept: ids })}>${t("rounds.accept_all", { n: ids.length })}</button>
              <button class="button" ?disabled=${this.isBusy} @click=${() => this.#decide({ reject: ids })}>${t("rounds.reject_all", { n: ids.length })}</button></div>`
          : nothing
      }
      <ul>
        ${shown.map((item) => this.#item(item))}
      </ul>
      ${
        items.length > shown.length
          ? html`<div><button class="quiet" @click=${() => {
              this.opened = new Set([...this.opened, kind]);
            }}>${icon("down", 16)} ${t("list.of", { total: items.length })}</button></div>`
          : nothing
      }
    </section>`;
  }

  protected override render() {
    const items = this.differences.items.filter((item) => this.isWhole || item.decision === "pending");
    const groups = grouped(items);
    return html`<div class="tools">
        <h2>${t("rounds.differences")}</h2>
        <label><input type="checkbox" .checked=${this.isWhole} @change=${() => {
          this.isWhole = !this.isWhole;
        }} /> ${t("rounds.show_decided")}</label>
      </div>
      ${
        items.length
          ? KINDS.filter((kind) => groups.has(kind)).map((kind) => this.#kind(kind, groups.get(kind) ?? []))
          : html`<kk-empty .heading=${t("rounds.differences_none")} .text=${this.differences.items.length ? "" : t("rounds.differences_none_hint")}></kk-empty>`
      }`;
  }
}
