import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { ExpectedVacancy, Outlook, RiskUnit } from "../api/types.ts";
import { date, number, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { calibrationFigure, calibrationTable } from "./calibration.ts";
import { durationsStyle } from "./durations.css.ts";
import type { TradingUnit } from "./expected-form.ts";
import { dayOf } from "./past-days.ts";
import { reasonText, strongest } from "./risk-words.ts";
import { chanceParts } from "./spans.ts";

const SHOWN = 5;

/** Which units may fall empty: what people know, and what a model that proved itself expects. */
@customElement("kk-outlook")
export class KkOutlook extends KkElement {
  @property() municipality: string | null = null;
  @property({ attribute: false }) units: readonly TradingUnit[] = [];
  @state() private isAdding = false;
  @state() private isWhole = false;
  @state() private removed: ExpectedVacancy | null = null;
  readonly #outlook = new Asked(this, (signal) =>
    this.municipality ? api.outlook(this.municipality, signal) : null,
  );
  readonly #done = new Done(this);

  static override styles = [controls, durationsStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.removed = null;
    this.isAdding = this.isWhole = false;
    void this.#outlook.anew();
  }

  #act(act: () => Promise<unknown>): Promise<boolean> {
    return this.#done.run(async () => {
      await act();
      await this.#outlook.again();
    });
  }

  async #remove(entry: ExpectedVacancy): Promise<void> {
    if (!(await this.#act(() => api.removeExpected(entry.id)))) return;
    this.removed = entry;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(".undo button")?.focus();
  }

  async #restore(entry: ExpectedVacancy): Promise<void> {
    if (await this.#act(() => api.restoreExpected(entry.id))) this.removed = null;
  }

  async #add(): Promise<void> {
    this.isAdding = true;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("kk-expected-form")?.focus();
  }

  async #added(): Promise<void> {
    this.isAdding = false;
    await this.#outlook.again();
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("#add")?.focus();
  }

  #unit(id: number, address: string) {
    return html`<button class="open" @click=${() => this.emit("unit-select", { id })}>${address}</button>`;
  }

  #lead(expected: readonly ExpectedVacancy[]) {
    const today = dayOf(new Date());
    const next = expected.find(({ expected_on: on, state }) => on && on >= today && state !== "vacant");
    const count = t("expected.count", { n: number(expected.length) });
    return html`<p class="small">${count} ${
      next ? t("expected.next", { address: next.address, on: date(next.expected_on!) }) : nothing
    }</p>`;
  }

  #expected({ expected }: Outlook) {
    const removed = this.removed;
    const shown = this.isWhole ? expected : expected.slice(0, SHOWN);
    return html`<section>
      <h2>${t("expected.title")}</h2>
      ${
        removed
          ? html`<div class="undo" role="status">
            <span>${t("expected.removed", { address: removed.address })}</span>
            <button class="quiet" @click=${() => void this.#restore(removed)}>${icon("reset", 16)} ${t("undo")}</button>
          </div>`
          : nothing
      }
      ${this.#done.draw()}
      ${
        expected.length
          ? html`${this.#lead(expected)}
          <ul>
            ${shown.map(
              (entry) => html`<li class="item">
                <div class="row">
                  ${this.#unit(entry.shop_unit_id, entry.address)}
                  <button class="quiet" aria-label=${`${t("expected.remove")}: ${entry.address}`} @click=${() => void this.#remove(entry)}>
                    ${t("expected.remove")}
                  </button>
                </div>
                <span>
                  ${tCode("expected_kind", entry.kind)} · ${entry.expected_on ? date(entry.expected_on) : t("expected.no_day")}
                </span>
                ${entry.state === "vacant" ? html`<span class="small">${t("expected.is_vacant")}</span>` : nothing}
                ${entry.source ? html`<span class="small muted">${entry.source}</span>` : nothing}
              </li>`,
            )}
          </ul>
          ${
            shown.length < expected.length
              ? html`<div><button class="quiet" @click=${() => {
                  this.isWhole = true;
                }}>${icon("down", 16)} ${t("dash.all", { count: number(expected.length) })}</button></div>`
              : nothing
          }`
          : html`<p class="small muted">${t("expected.none")}</p>`
      }
      ${
        this.isAdding
          ? html`<kk-expected-form
            .units=${this.units}
            @expected-added=${() => void this.#added()}
            @expected-cancelled=${() => {
              this.isAdding = false;
            }}
          ></kk-expected-form>`
          : html`<div><button id="add" class="button" @click=${() => void this.#add()}>${icon("plus", 16)} ${t("expected.add")}</button></div>`
      }
    </section>`;
  }

  #risk(outlook: Outlook) {
    const { base, test, items } = outlook;
    if (!base || base.rate_share === null) {
      return html`<kk-empty .heading=${t("lasting.not_computed")} .text=${t("lasting.not_computed_hint")}></kk-empty>`;
    }
    return html`<p>
        ${t("risk.base", {
          rate: percent(base.rate_share),
          events: number(base.events),
          of: number(base.unit_years),
          low: percent(base.lower_share),
          high: percent(base.upper_share),
        })}
      </p>
      <p>
        ${
          outlook.is_model_used && test
            ? t("risk.better", { skill: percent(test.skill) })
            : tCode("risk", outlook.reason)
        }
      </p>
      ${
        items.length
          ? html`<ol>
            ${items.map((unit) => this.#item(unit))}
          </ol>`
          : nothing
      }
      <p class="small muted">${t("risk.persons")}</p>`;
  }

  #item(unit: RiskUnit) {
    return html`<li class="item">
      <div class="row">
        ${this.#unit(unit.shop_unit_id, unit.address)}
        <span class="num">${t("risk.chance", chanceParts(unit))}</span>
      </div>
      <ul class="small muted">
        ${strongest(unit.reasons).map((reason) => html`<li>${reasonText(reason)}</li>`)}
      </ul>
    </li>`;
  }

  #calibration({ calibration, test }: Outlook) {
    if (!calibration.length || !test) return nothing;
    return html`<section>
      <h2>${t("risk.calibration")}</h2>
      <p class="small">${t("risk.calibration_explain")}</p>
      ${calibrationFigure(calibration)}
      <details>
        <summary>${t("lasting.table")}</summary>
        ${calibrationTable(calibration)}
      </details>
      <p class="small muted">
        ${t("risk.score", {
          model: number(test.brier_model, 4),
          base: number(test.brier_base, 4),
          n: number(test.n),
          events: number(test.events),
        })}
      </p>
    </section>`;
  }

  protected override render() {
    return this.#outlook.draw((outlook) => this.#whole(outlook));
  }

  #whole(value: Outlook) {
    const file = apiUrl("exports/vacancy-outlook.csv", { municipality: this.municipality });
    return html`${this.#expected(value)}
      <section>
        <h2>${t("risk.title")}</h2>
        ${this.#risk(value)}
      </section>
      ${this.#calibration(value)}
      ${
        value.computed_at
          ? html`<p class="small muted">
            ${t("risk.model", {
              version: value.model_version ?? t("unknown"),
              date: date(value.computed_at),
              source: value.source ?? t("unknown"),
              surveyed: value.observed_on ? date(value.observed_on) : t("unknown"),
            })}
            <a class="quiet" href=${file} download>${icon("download", 16)} ${t("lasting.download")}</a>
          </p>`
          : nothing
      }`;
  }
}
