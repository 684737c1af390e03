import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { RoundDecided, RoundDetail, RoundDifferences } from "../api/types.ts";
import { number, shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { wordsOf } from "../ui/problem-words.ts";
import { deskStyles } from "./desk.css.ts";
import { streetName } from "./words.ts";

interface Opened {
  detail: RoundDetail;
  differences: RoundDifferences;
}

type Ids = { accept?: number[]; reject?: number[]; reopen?: number[] };

/** One round at the desk: its address for the phone, its progress, and what must be decided. */
@customElement("kk-round-desk")
export class KkRoundDesk extends KkElement {
  @property({ type: Number }) round = 0;
  @state() private told: { text: string; isWarning: boolean }[] = [];
  @state() private isCopied = false;
  readonly #opened = new Asked<Opened>(this, async (signal) => {
    const [detail, differences] = await Promise.all([
      api.round(this.round, signal),
      api.roundDifferences(this.round, signal),
    ]);
    return { detail, differences };
  });
  readonly #done = new Done(this);

  static override styles = [
    controls,
    deskStyles,
    css`
      :host {
        display: grid;
        gap: 16px;
      }
      .address {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 6px;
      }
      .address input {
        min-width: 0;
        font-size: 13px;
      }
      .lead {
        font-size: 17px;
        font-weight: 600;
        line-height: 1.3;
      }
      .taken {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 2px 8px;
        padding: 4px 0;
        border-top: 1px solid var(--line);
      }
      .streets li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 2px 8px;
        padding: 5px 0;
        font-size: 14.5px;
      }
      .streets progress {
        grid-column: 1 / -1;
      }
      summary {
        min-height: 32px;
        cursor: pointer;
        font-weight: 600;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("round")) return;
    this.told = [];
    void this.#opened.anew();
  }

  /** Do something that changes the round, tell what came of it, and show it as it is afterwards. */
  async #act(act: () => Promise<string | RoundDecided | null>): Promise<void> {
    this.told = [];
    const isDone = await this.#done.run(async () => {
      const done = await act();
      if (typeof done === "string") this.told = [{ text: done, isWarning: false }];
      else if (done) this.told = toldOf(done);
    });
    await this.#opened.again();
    if (isDone) this.emit("units-changed");
  }

  #decide(ids: Ids): void {
    void this.#act(() => api.decideRound(this.round, ids));
  }

  get #address(): string {
    return new URL(`round.html#round=${this.round}`, document.baseURI.split("#")[0]).href;
  }

  async #copy(): Promise<void> {
    const field = this.renderRoot.querySelector<HTMLInputElement>("#address");
    field?.select();
    // Only pages with https have a clipboard; elsewhere the address is selected and can be copied by hand.
    await navigator.clipboard?.writeText(this.#address);
    this.isCopied = Boolean(navigator.clipboard);
  }

  #phone() {
    return html`<section class="stack">
      <h3>${t("rounds.phone")}</h3>
      <div class="address">
        <input id="address" class="field" readonly .value=${this.#address} aria-label=${t("rounds.phone")} />
        <button class="button" @click=${() => void this.#copy()}>${icon("link", 16)} ${this.isCopied ? t("rounds.copied") : t("rounds.copy")}</button>
      </div>
      <p class="small muted">${t("rounds.phone_hint")}</p>
    </section>`;
  }

  #progress({ by_street, officers, seen, stops }: RoundDetail) {
    return html`<details>
      <summary>${t("rounds.progress")} · ${t("rounds.seen_of", { seen: number(seen), total: number(stops) })}</summary>
      ${officers.length ? html`<p class="small muted">${t("rounds.officers", { names: officers.join(", ") })}</p>` : nothing}
      <ul class="streets">
        ${by_street.map(
          (street) => html`<li>
            <span>${streetName(street.street)} ${street.seen === street.stops ? icon("check", 15) : nothing}</span>
            <span class="num">${t("round.of", { seen: street.seen, total: street.stops })}</span>
            <progress max=${street.stops} value=${street.seen} aria-label=${streetName(street.street)}></progress>
          </li>`,
        )}
      </ul>
    </details>`;
  }

  #ends(detail: RoundDetail) {
    const { round } = this;
    return html`<div class="stack">
      <div class="tools">
        ${
          detail.closed_at
            ? html`<button class="button" ?disabled=${this.#done.isBusy} @click=${() =>
                void this.#act(async () => {
                  await api.openRound(round);
                  return null;
                })}>${t("rounds.reopen")}</button>`
            : html`<button class="button primary" ?disabled=${this.#done.isBusy} aria-describedby="close-hint" @click=${() =>
                void this.#act(
                  async () => (await api.closeRound(round)).decided,
                )}>${t("rounds.close")}</button>`
        }
        <a class="button" href=${apiUrl(`exports/rounds/${round}.csv`)} download>${icon("download", 16)} ${t("rounds.export")}</a>
        ${
          detail.officers.length
            ? nothing
            : html`<button class="quiet" @click=${() => void this.#remove()}>${icon("trash", 16)} ${t("rounds.remove")}</button>`
        }
      </div>
      ${detail.closed_at ? nothing : html`<p id="close-hint" class="small muted">${t("rounds.close_hint")}</p>`}
    </div>`;
  }

  async #remove(): Promise<void> {
    if (await this.#done.run(() => api.removeRound(this.round))) this.emit("round-gone");
  }

  #taken({ batches }: RoundDifferences) {
    return batches.map(
      (batch) => html`<p class="taken small">
        <span>${t("rounds.accepted_n", { n: batch.accepted, date: shortDate(batch.imported_at) })}</span>
        <button class="quiet" ?disabled=${this.#done.isBusy} @click=${() =>
          void this.#act(async () => {
            await api.undoRoundImport(this.round, batch.id);
            return t("rounds.undone");
          })}>${icon("reset", 16)} ${t("rounds.undo")}</button>
      </p>`,
    );
  }

  protected override render() {
    return this.#opened.draw((opened) => this.#whole(opened));
  }

  #whole({ detail, differences }: Opened) {
    const when = detail.closed_at
      ? t("rounds.closed", { date: shortDate(detail.closed_at) })
      : t("rounds.open");
    return html`<div class="tools">
        <h2>${detail.name}</h2>
        <span class="badge ${detail.closed_at ? "closed" : "accent"}">${when}</span>
      </div>
      <p class="lead">${detail.pending ? t("rounds.lead", { n: number(detail.pending) }) : t("rounds.lead_none")}</p>
      ${detail.closed_at ? nothing : html`${this.#phone()} ${this.#progress(detail)} ${this.#ends(detail)}`}
      <div aria-live="polite" class="stack">
        ${this.told.map(({ text, isWarning }) => html`<p class="note small ${isWarning ? "warn" : ""}">${text}</p>`)}
      </div>
      ${this.#done.draw()}
      <kk-round-differences .round=${this.round} .differences=${differences} .isBusy=${this.#done.isBusy}
        @decide=${(event: CustomEvent<Ids>) => this.#decide(event.detail)}></kk-round-differences>
      <section>${this.#taken(differences)}</section>
      ${detail.closed_at ? html`${this.#progress(detail)} ${this.#ends(detail)}` : nothing}`;
  }
}

function toldOf({ accepted, rejected, refused }: RoundDecided): { text: string; isWarning: boolean }[] {
  const told = [];
  if (accepted) told.push({ text: t("rounds.accepted", { n: accepted }), isWarning: false });
  if (rejected) told.push({ text: t("rounds.rejected", { n: rejected }), isWarning: false });
  const reasons = new Map<string, number>();
  for (const { code, reason, way_out } of refused) {
    const { detail, wayOut } = wordsOf(code, {}) ?? { detail: reason, wayOut: way_out };
    const why = `${detail} ${wayOut ?? ""}`;
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
  }
  for (const [why, n] of reasons) told.push({ text: t("rounds.not_taken", { n, why }), isWarning: true });
  return told;
}
