import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { Round, RoundList } from "../api/types.ts";
import { number, shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { deskStyles } from "./desk.css.ts";

/** The desk of street rounds: start one, follow it, decide on what it found. */
@customElement("kk-rounds")
export class KkRounds extends KkElement {
  @property() municipality = "";
  @property({ attribute: false }) cores: readonly { id: number; name: string }[] = [];
  @state() private opened: number | null = null;
  @state() private isStarting = false;
  readonly #list = new Asked(this, (signal) =>
    this.municipality ? api.rounds(this.municipality, signal) : null,
  );

  static override styles = [
    controls,
    deskStyles,
    css`
      :host {
        display: grid;
        gap: 14px;
        padding: 16px;
      }
      .item {
        width: 100%;
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 4px 8px;
        padding: 10px 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--surface);
        text-align: left;
      }
      .item:hover {
        background: var(--hover);
      }
      .item > .small,
      progress {
        grid-column: 1 / -1;
      }
      ul {
        display: grid;
        gap: 8px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("municipality")) return;
    [this.opened, this.isStarting] = [null, false];
    void this.#list.anew();
  }

  #open(id: number | null): void {
    this.opened = id;
    this.isStarting = false;
    void this.#list.again();
  }

  #item(round: Round) {
    const when = round.closed_at
      ? t("rounds.closed", { date: shortDate(round.closed_at) })
      : t("rounds.open");
    return html`<li>
      <button class="item" @click=${() => this.#open(round.id)}>
        <strong>${round.name}</strong>
        <span class="badge ${round.closed_at ? "closed" : "accent"}">${when}</span>
        <span class="small muted">
          ${t("rounds.started", { date: shortDate(round.started_on) })} ·
          ${t("rounds.seen_of", { seen: number(round.seen), total: number(round.stops) })}
          ${round.pending ? html`· <strong>${t("rounds.waits", { n: number(round.pending) })}</strong>` : nothing}
        </span>
        <progress max=${round.stops} value=${round.seen} aria-label=${round.name}></progress>
      </button>
    </li>`;
  }

  #body({ items, streets }: RoundList) {
    return html`
      ${
        this.isStarting
          ? html`<kk-rounds-start .municipality=${this.municipality} .cores=${this.cores} .streets=${streets}
              @round-made=${(event: CustomEvent<number | null>) => this.#open(event.detail)}></kk-rounds-start>`
          : html`<div class="tools"><button class="button primary" @click=${() => {
              this.isStarting = true;
            }}>${icon("plus", 16)} ${t("rounds.start")}</button></div>`
      }
      ${
        items.length
          ? html`<ul>
              ${items.map((round) => this.#item(round))}
            </ul>`
          : html`<kk-empty .heading=${t("rounds.none")} .text=${t("rounds.none_hint")}></kk-empty>`
      }
    `;
  }

  protected override render() {
    if (this.opened !== null) {
      return html`<div class="tools"><button class="quiet" @click=${() => this.#open(null)}>${icon("back", 16)} ${t("rounds.all")}</button></div>
        <kk-round-desk .round=${this.opened} @round-gone=${() => this.#open(null)}></kk-round-desk>`;
    }
    return html`<h2>${t("rounds.title")}</h2>
      <p class="small">${t("rounds.intro")}</p>
      ${this.#list.draw((list) => this.#body(list), html`<kk-skeleton-rows count="3"></kk-skeleton-rows>`)}`;
  }
}
