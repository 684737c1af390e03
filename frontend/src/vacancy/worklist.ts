import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { Worklist, WorklistDecision, WorklistItem, WorklistVerdict } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { worklistStyle } from "./worklist.css.ts";
import type { KkWorklistCard } from "./worklist-card.ts";
import { byStreet } from "./worklist-order.ts";

interface Settle {
  item: WorklistItem;
  verdict: WorklistVerdict;
  change: WorklistDecision["change"];
  reason: string | null;
}

const ALIAS = "kernkaart.alias";
const AT_ONCE = 2000;
/** The kinds in the order in which they deserve attention. */
const KINDS = [
  "vacant_active",
  "occupied_ended",
  "other_branch",
  "vacant_hint",
  "state_unknown",
  "temporary_clash",
  "same_occupant",
  "unplaced",
  "stale",
] as const;

/** What a person should look at: stale units, and what two sources say differently; each settled with one press. */
@customElement("kk-worklist")
export class KkWorklist extends KkElement {
  @property() municipality = "";
  @property() language = "nl";
  /** The unit that is open beside the map. */
  @property({ type: Number }) unit: number | null = null;
  @state() private kind = "";
  @state() private street = "";
  @state() private alias = localStorage.getItem(ALIAS) ?? "";
  @state() private done: { decisions: number[]; verdict: WorklistVerdict; wrote: boolean } | null = null;
  readonly #list = new Asked(this, (signal) =>
    this.municipality ? api.worklist(this.#query(), signal) : null,
  );
  readonly #act = new Done(this);

  static override styles = [controls, worklistStyle];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("municipality")) {
      this.kind = this.street = "";
      this.done = null;
      this.#act.forget();
      void this.#list.anew();
    } else if (changed.has("language")) void this.#list.again();
  }

  #query() {
    return { municipality: this.municipality, lang: this.language, kind: this.kind, street: this.street };
  }

  async #more(list: Worklist): Promise<void> {
    const cursor = new URLSearchParams(list.next!.split("?")[1]).get("cursor");
    await this.#act.run(async () => {
      const next = await api.worklist({ ...this.#query(), cursor });
      this.#list.put({ ...next, items: [...list.items, ...next.items] });
    });
  }

  #choose(patch: { kind?: string; street?: string }): void {
    this.kind = patch.kind ?? this.kind;
    this.street = patch.street ?? this.street;
    void this.#list.again();
  }

  async #decide(
    items: readonly WorklistItem[],
    verdict: WorklistVerdict,
    { change, reason }: Pick<Settle, "change" | "reason">,
  ): Promise<void> {
    await this.#act.run(async () => {
      const { decisions } = await api.settle({
        municipality: this.municipality,
        items: items.map(({ shop_unit_id, kind, evidence_key }) => ({ shop_unit_id, kind, evidence_key })),
        verdict,
        by: this.alias.trim() || t("worklist.nobody"),
        reason,
        change,
      });
      this.done = { decisions, verdict, wrote: change !== null };
      if (change) this.emit("units-changed");
      await this.#list.again();
    });
  }

  async #settle({ item, verdict, ...more }: Settle): Promise<void> {
    const place = this.#cards().findIndex((card) => card.item.id === item.id);
    await this.#decide([item], verdict, more);
    // The next one takes the place of what was settled, so that a keyboard need not search for it.
    await this.updateComplete;
    const cards = this.#cards();
    if (!this.#act.error) cards[Math.min(place, cards.length - 1)]?.focus();
  }

  /** All stale units of this street or municipality, also those of pages that were not asked for yet. */
  async #bulk(): Promise<void> {
    await this.#act.run(async () => {
      const items: WorklistItem[] = [];
      let cursor: string | null = null;
      do {
        const page: Worklist = await api.worklist({ ...this.#query(), kind: "stale", limit: 500, cursor });
        items.push(...page.items);
        cursor = page.next && new URLSearchParams(page.next.split("?")[1]).get("cursor");
      } while (cursor && items.length < AT_ONCE);
      await this.#decide(items.slice(0, AT_ONCE), "next_round", { change: null, reason: null });
    });
  }

  async #undo(): Promise<void> {
    const done = this.done;
    if (!done) return;
    await this.#act.run(async () => {
      const by = this.alias.trim() || t("worklist.nobody");
      await api.unsettle({ municipality: this.municipality, decisions: done.decisions, by });
      this.done = null;
      if (done.wrote) this.emit("units-changed");
      await this.#list.again();
    });
  }

  #cards(): KkWorklistCard[] {
    return [...this.renderRoot.querySelectorAll<KkWorklistCard>("kk-worklist-card")];
  }

  #key(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const cards = this.#cards();
    const place = cards.indexOf(event.target as KkWorklistCard);
    if (place < 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) cards[Math.max(0, Math.min(cards.length - 1, place + step))]?.focus();
    else if (/^[1-4]$/.test(event.key)) cards[place]!.choose(Number(event.key) - 1);
    else return;
    event.preventDefault();
  }

  #kinds(list: Worklist) {
    const all = Object.values(list.kinds).reduce((sum, n) => sum + n, 0);
    const button = (kind: string, text: string, n: number) => html`<button
      class="button"
      aria-pressed=${this.kind === kind}
      @click=${() => this.#choose({ kind })}
    >
      ${text} <span class="badge num">${number(n)}</span>
    </button>`;
    return html`<div class="kinds" role="group" aria-label=${t("worklist.kinds")}>
      ${button("", t("worklist.all"), all)}
      ${KINDS.filter((kind) => list.kinds[kind] || kind === this.kind).map((kind) =>
        button(kind, tCode("worklist_kind", kind), list.kinds[kind] ?? 0),
      )}
    </div>`;
  }

  #tools(list: Worklist) {
    return html`<div class="tools">
      <label class="small"
        >${t("worklist.street")}
        <select class="field" @change=${(event: Event) => this.#choose({ street: (event.target as HTMLSelectElement).value })}>
          <option value="" .selected=${this.street === ""}>${t("worklist.every_street")}</option>
          ${list.streets
            .filter(({ street }) => street)
            .map(
              ({ street, items }) =>
                html`<option value=${street!} .selected=${this.street === street}>${street} (${items})</option>`,
            )}
        </select></label
      >
      <label class="small"
        >${t("worklist.alias")}
        <input
          class="field"
          maxlength="60"
          .value=${this.alias}
          @change=${(event: Event) => {
            this.alias = (event.target as HTMLInputElement).value;
            localStorage.setItem(ALIAS, this.alias);
          }}
      /></label>
      <a class="button" href=${apiUrl("worklist.csv", this.#query())} download title=${t("worklist.csv_hint")}
        >${icon("download")} CSV</a
      >
    </div>`;
  }

  #toast() {
    const done = this.done;
    if (!done) return nothing;
    const text = t("worklist.done", {
      count: number(done.decisions.length),
      verdict: tCode("worklist_verdict", done.verdict),
    });
    return html`<div class="undo" role="status">
      <span>${text}</span>
      <button class="quiet" ?disabled=${this.#act.isBusy} @click=${() => void this.#undo()}>${icon("reset", 16)} ${t("undo")}</button>
    </div>`;
  }

  #items(list: Worklist) {
    if (list.items.length === 0) {
      return html`<kk-empty .heading=${t("worklist.none")} .text=${t("worklist.none_hint")}></kk-empty>`;
    }
    const stale = list.kinds.stale ?? 0;
    return html`${
      this.kind === "stale" && stale > 1
        ? html`<button class="button bulk" ?disabled=${this.#act.isBusy} @click=${() => void this.#bulk()}>
            ${t("worklist.bulk", { count: number(stale) })}
          </button>`
        : nothing
    }
      <div
        @keydown=${this.#key}
        @worklist-settle=${(event: CustomEvent<Settle>) => void this.#settle(event.detail)}
      >
        ${byStreet(list.items).map(
          ([street, items]) => html`<h3>${street ?? t("worklist.no_street")}</h3>
            ${items.map(
              (item) =>
                html`<kk-worklist-card
                  .item=${item}
                  ?busy=${this.#act.isBusy}
                  ?selected=${item.shop_unit_id === this.unit}
                ></kk-worklist-card>`,
            )}`,
        )}
      </div>
      ${
        list.next
          ? html`<button class="button bulk" ?disabled=${this.#act.isBusy} @click=${() => void this.#more(list)}>
            ${t("worklist.more", { shown: number(list.items.length), total: number(list.total) })}
          </button>`
          : nothing
      }`;
  }

  #whole(list: Worklist) {
    const { companies } = list;
    return html`<h2 class="visually-hidden">${t("section.worklist")}</h2>
      <p class="small muted">
        ${t("worklist.about", { months: list.stale_months })}
        ${
          companies
            ? t("worklist.companies", {
                on: date(companies.snapshot_on),
                count: number(companies.establishments),
                matched: number(companies.matched),
              })
            : t("worklist.no_companies")
        }
      </p>
      ${this.#kinds(list)} ${this.#tools(list)} ${this.#toast()} ${this.#act.draw()} ${this.#items(list)}
      <kk-worklist-past
        .municipality=${this.municipality}
        .by=${this.alias.trim() || t("worklist.nobody")}
        .list=${list}
        @worklist-undone=${() => {
          this.done = null;
          void this.#list.again();
        }}
      ></kk-worklist-past>`;
  }

  protected override render() {
    return this.#list.draw(
      (list) => this.#whole(list),
      html`<kk-skeleton-rows count="6"></kk-skeleton-rows>`,
    );
  }
}
