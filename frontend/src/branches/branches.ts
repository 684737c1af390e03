import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { branchesApi, type Gap, type Gaps, type Stance } from "../api/branches.ts";
import { apiUrl } from "../api/client.ts";
import { date, number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { branchStyle } from "./branches.css.ts";
import { FILTERS, type Filter, shownGaps } from "./gaps.ts";
import "./flow-list.ts";
import "./gap-row.ts";
import "./peer-list.ts";
import "./wish-list.ts";

/** Which branches a town misses beside alike towns, how sure that is, and which it wishes. */
@customElement("kk-branches")
export class KkBranches extends KkElement {
  @property() municipality = "";
  @state() private core: number | null = null;
  @state() private level: "branch" | "group" = "branch";
  @state() private unwanted = false;
  @state() private filter: Filter = "missing";
  @state() private said: { text: string; undo: () => Promise<unknown> } | null = null;
  readonly #gaps = new Asked(this, (signal) =>
    this.municipality ? branchesApi.gaps(this.#query, signal) : null,
  );
  readonly #wishes = new Asked(this, (signal) =>
    this.municipality ? branchesApi.wishes(this.municipality, signal) : null,
  );
  readonly #act = new Done(this);

  static override styles = [controls, branchStyle];

  get #query() {
    return {
      municipality: this.municipality,
      core: this.core,
      level: this.level,
      unwanted: this.unwanted ? "true" : null,
    };
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.core = this.said = null;
    this.#act.forget();
    void this.#gaps.anew();
    void this.#wishes.anew();
  }

  #ask(): void {
    void this.#gaps.again();
  }

  async #both(): Promise<void> {
    await Promise.all([this.#gaps.again(), this.#wishes.again()]);
  }

  async #say(branch: string, stance: Stance, reason: string): Promise<void> {
    const nis = this.municipality;
    const label = tCode("branch", branch);
    await this.#act.run(async () => {
      const { history } = await branchesApi.wish(nis, {
        branch_code: branch,
        stance,
        reason,
        core: this.core,
      });
      const made = history[0]!.id;
      this.said = {
        text: t("branches.said", { branch: label, stance: tCode("branch_stance", stance) }),
        undo: () => branchesApi.undoWish(nis, made),
      };
      await this.#both();
    });
  }

  async #takeBack(undo: () => Promise<unknown>): Promise<void> {
    const isDone = await this.#act.run(undo);
    if (isDone) this.said = null;
    await this.#both();
  }

  #undoBar() {
    const { said } = this;
    if (!said) return nothing;
    return html`<div class="undo" role="status">
      <span>${said.text}</span>
      <button class="button" ?disabled=${this.#act.isBusy} @click=${() => this.#takeBack(said.undo)}>${t("branches.undo")}</button>
    </div>`;
  }

  #choices({ cores }: Gaps) {
    return html`<div class="bar">
      <select class="field" aria-label=${t("branches.where")} @change=${(event: Event) => {
        const { value } = event.target as HTMLSelectElement;
        this.core = value ? Number(value) : null;
        this.#ask();
      }}>
        <option value="" .selected=${this.core === null}>${t("branches.whole")}</option>
        ${cores.map(({ id, name }) => html`<option value=${id} .selected=${id === this.core}>${name}</option>`)}
      </select>
      <select class="field" aria-label=${t("branches.level")} @change=${(event: Event) => {
        this.level = (event.target as HTMLSelectElement).value as "branch" | "group";
        this.#ask();
      }}>
        <option value="branch" .selected=${this.level === "branch"}>${t("branches.level_branch")}</option>
        <option value="group" .selected=${this.level === "group"}>${t("branches.level_group")}</option>
      </select>
    </div>`;
  }

  #filters({ rows, left_out: leftOut }: Gaps) {
    return html`<div class="bar" role="group" aria-label=${t("branches.filter")}>
        ${FILTERS.map(
          (filter) =>
            html`<button class="button" aria-pressed=${filter === this.filter} @click=${() => {
              this.filter = filter;
            }}>${tCode("gap_filter", filter)} <span class="muted num">${shownGaps(rows, filter).length}</span></button>`,
        )}
      </div>
      <label class="check"><input type="checkbox" .checked=${this.unwanted} @change=${(event: Event) => {
        this.unwanted = (event.target as HTMLInputElement).checked;
        this.#ask();
      }} />${t("branches.with_unwanted")} ${leftOut.length ? html`<span class="muted">${t("branches.left_out", { n: leftOut.length })}</span>` : nothing}</label>`;
  }

  #rows(told: Gaps) {
    const rows = shownGaps(told.rows, this.filter);
    return html`<section aria-labelledby="gaps">
      <h3 id="gaps">${t("branches.gaps")}</h3>
      <p class="small muted">${t(told.core ? "branches.how_core" : "branches.how", {
        n: told.items.filter((item) => item.is_peer).length,
        metres: told.near_core_m,
      })}</p>
      ${this.#filters(told)}
      ${rows.length ? nothing : html`<p class="small">${t("branches.no_rows")}</p>`}
      <ul class="rows">
        ${rows.map(
          (row: Gap) => html`<li><kk-gap-row
            .row=${row}
            .towns=${told.items}
            .level=${told.level}
            .core=${told.core?.name ?? ""}
            .busy=${this.#act.isBusy}
            @stance=${(event: CustomEvent<{ stance: Stance; reason: string }>) =>
              this.#say(row.branch, event.detail.stance, event.detail.reason)}
          ></kk-gap-row></li>`,
        )}
      </ul>
      <p class="small muted">${t("branches.by_chance", { n: told.n_compared, sure: told.n_sure, chance: number(told.chance_sure, 1) })}
        ${t("branches.source", { source: told.source ?? t("unknown"), on: told.surveyed_on ? date(told.surveyed_on) : t("unknown") })}</p>
    </section>`;
  }

  #formulas({ formulas, chains }: Gaps) {
    return html`<section aria-labelledby="formulas">
      <h3 id="formulas">${t("branches.formulas")}</h3>
      ${chains ? html`<p class="small muted">${t("branches.chains_known", { n: chains.n_known, of: chains.n })}</p>` : nothing}
      ${formulas.length ? nothing : html`<p class="small">${t("branches.no_formulas")}</p>`}
      <ul class="rows">${formulas.map(
        ({ name, branch, n_towns: n }) => html`<li><span class="line"><strong>${name}</strong>
          <span class="small muted">${branch ? tCode("branch", branch) : ""} · ${t(n === 1 ? "branches.in_one_town" : "branches.in_towns", { n })}</span></span></li>`,
      )}</ul>
    </section>`;
  }

  #files() {
    return html`<p class="bar">
      <a class="quiet" download href=${apiUrl("branches/gaps.csv", this.#query)}>${t("export.csv")}</a>
      <a class="quiet" download href=${apiUrl("branches/gaps.xlsx", this.#query)}>XLSX</a>
    </p>`;
  }

  #told(told: Gaps) {
    const peers = html`<kk-peer-list .told=${told} .municipality=${this.municipality} @peers-changed=${() => this.#ask()}></kk-peer-list>`;
    if (told.why_not !== null)
      return html`${this.core === null ? nothing : this.#choices(told)}
        <kk-empty .heading=${t("branches.nothing")} .text=${tCode("gap_why_not", told.why_not)}></kk-empty>
        ${told.items.length ? peers : nothing}`;
    return html`${peers} ${this.#choices(told)} ${this.#rows(told)} ${this.#formulas(told)}
      <kk-branch-flows .municipality=${this.municipality} @flows-changed=${() => this.#ask()}></kk-branch-flows>
      ${this.#files()}`;
  }

  protected override render() {
    return html`<div class="pad">
      <h2>${t("branches.title")}</h2>
      ${this.#undoBar()} ${this.#act.draw()}
      <kk-wish-list .told=${this.#wishes.value} .busy=${this.#act.isBusy}
        @take-back=${(event: CustomEvent<{ id: number }>) =>
          this.#takeBack(() => branchesApi.undoWish(this.municipality, event.detail.id))}></kk-wish-list>
      ${this.#gaps.draw((told) => this.#told(told))}
    </div>`;
  }
}
