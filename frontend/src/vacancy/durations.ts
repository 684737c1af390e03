import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api, apiUrl } from "../api/client.ts";
import type { DurationBy, DurationGroup, Durations, Flows, VacancyClass } from "../api/types.ts";
import { date, number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { durationsStyle } from "./durations.css.ts";
import { flowChart, flowTable } from "./flow-chart.ts";
import { chanceParts, medianText, rangeText } from "./spans.ts";
import { survivalCurve, survivalTable } from "./survival-curve.ts";

const GROUPINGS: readonly DurationBy[] = ["core", "branch_group", "size"];
const CLASSES: readonly VacancyClass[] = ["initial", "long_term", "structural", "unknown"];
const COLOURS: Record<VacancyClass, string> = {
  initial: "#e39a6f",
  long_term: "#b8400e",
  structural: "#6b2206",
  unknown: "#84919a",
};

/** How long units stand empty: the curve, the classes of today, the flows per year, and the moves inside. */
@customElement("kk-durations")
export class KkDurations extends KkElement {
  @property() municipality: string | null = null;
  @state() private by: DurationBy = "core";
  @state() private chosen: string | null = null;
  readonly #answers = new Asked(this, (signal) =>
    this.municipality
      ? Promise.all([api.durations(this.municipality, this.by, signal), api.flows(this.municipality, signal)])
      : null,
  );

  static override styles = [controls, durationsStyle];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("municipality")) {
      this.chosen = null;
      void this.#answers.anew();
    } else if ((changed as Map<string, unknown>).has("by")) void this.#answers.again();
  }

  #name(group: DurationGroup): string {
    if (group.code === null) return t("lasting.whole");
    if (this.by === "core") return group.name ?? t("unknown");
    return this.by === "size" ? tCode("lasting_size", group.code) : tCode("branch_group", group.code);
  }

  #choice({ groups }: Durations) {
    return html`<div class="choice" role="group" aria-label=${t("lasting.by")}>
        <span class="small">${t("lasting.by")}</span>
        ${GROUPINGS.map(
          (by) => html`<button
            class="button"
            aria-pressed=${this.by === by}
            @click=${() => {
              this.chosen = null;
              this.by = by;
            }}
          >
            ${tCode("lasting_by", by)}
          </button>`,
        )}
      </div>
      <label class="choice small"
        >${t("lasting.group")}
        <select
          @change=${(event: Event) => {
            this.chosen = (event.target as HTMLSelectElement).value || null;
          }}
        >
          <option value="" ?selected=${this.chosen === null}>${t("lasting.whole")}</option>
          ${groups.map(
            (group) => html`<option value=${group.code!} ?selected=${this.chosen === group.code}>
              ${this.#name(group)}
            </option>`,
          )}
        </select>
      </label>`;
  }

  #answer(group: DurationGroup, fewest: number) {
    const { let_within_a_year: year } = group;
    return html`<p class="answer">${medianText(group, fewest)}</p>
      ${group.reason ? nothing : html`<p>${rangeText(group)}</p>`}
      ${year ? html`<p>${t("lasting.year", chanceParts(year))}</p>` : nothing}
      <p class="small muted">
        ${t("lasting.rests", {
          spells: number(group.spells),
          let: number(group.let),
          running: number(group.running),
          withdrawn: number(group.withdrawn),
        })}
        ${
          group.between_dates || group.unknown_start
            ? t("lasting.unsure", {
                between: number(group.between_dates),
                unknown: number(group.unknown_start),
              })
            : nothing
        }
      </p>`;
  }

  #curve(group: DurationGroup, whole: DurationGroup) {
    if (group.curve.length < 2) return nothing;
    const isWhole = group.code === null;
    return html`<h3>${t("lasting.curve")}: ${this.#name(group)}</h3>
      ${survivalCurve(group.curve, isWhole ? null : whole.curve)}
      <p class="small muted">${t("lasting.band")} ${isWhole ? nothing : t("lasting.other")}</p>
      <details>
        <summary>${t("lasting.table")}</summary>
        ${survivalTable(group.curve)}
      </details>`;
  }

  #comparison({ groups, fewest_let }: Durations) {
    if (!groups.length) return nothing;
    return html`<section>
      <h2>${t("lasting.groups")}</h2>
      <ul>
        ${groups.map(
          (group) => html`<li class="item">
            <div class="row">
              <strong>${this.#name(group)}</strong>
              <span class="small muted num">${t("lasting.of_let", { let: number(group.let) })}</span>
            </div>
            <span>${medianText(group, fewest_let)}</span>
            ${group.reason ? nothing : html`<span class="small muted">${rangeText(group)}</span>`}
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #classes({ classes: { counts, uncertain, vacant } }: DurationGroup) {
    if (!vacant) return nothing;
    const row = (code: VacancyClass) =>
      t("lasting.class_row", {
        name: tCode("vacancy_class", code),
        n: number(counts[code]),
        unsure: number(uncertain[code] ?? 0),
      });
    const part = (code: VacancyClass, n: number, isUnsure: boolean) => html`<i
      style="flex:${n};background:${isUnsure ? `repeating-linear-gradient(45deg, ${COLOURS[code]} 0 4px, #fff 4px 7px)` : COLOURS[code]}"
    ></i>`;
    return html`<section>
      <h2>${t("lasting.classes")}</h2>
      <div aria-hidden="true" style="display:flex;height:22px;gap:1px">
        ${CLASSES.filter((code) => counts[code]).map((code) => {
          const unsure = uncertain[code] ?? 0;
          return [
            counts[code] - unsure ? part(code, counts[code] - unsure, false) : nothing,
            unsure ? part(code, unsure, true) : nothing,
          ];
        })}
      </div>
      <ul class="small">
        ${CLASSES.filter((code) => counts[code]).map(
          (code) =>
            html`<li><span aria-hidden="true" style="color:${COLOURS[code]}">■</span> ${row(code)}</li>`,
        )}
      </ul>
      <p class="small muted">${t("lasting.classes_unsure")}</p>
    </section>`;
  }

  #flows(flows: Flows) {
    if (!flows.years.length) return nothing;
    return html`<section>
      <h2>${t("lasting.flows")}</h2>
      ${flowChart(flows.years)}
      <details>
        <summary>${t("lasting.table")}</summary>
        ${flowTable(flows.years)}
      </details>
    </section>`;
  }

  #source({ on, source, surveyed_on }: Durations) {
    const { municipality, by } = this;
    const file = apiUrl("exports/vacancy-durations.csv", { municipality, by });
    return html`<p class="small muted">
      ${t("lasting.source", {
        on: date(on),
        source: source ?? t("unknown"),
        surveyed: surveyed_on ? date(surveyed_on) : t("unknown"),
      })}
      <a class="quiet" href=${file} download>${icon("download", 16)} ${t("lasting.download")}</a>
    </p>`;
  }

  protected override render() {
    return this.#answers.draw(([durations, flows]) => this.#whole(durations, flows));
  }

  #whole(value: Durations, flows: Flows) {
    const { whole, groups } = value;
    if (!whole) {
      return html`<kk-empty .heading=${t("lasting.not_computed")} .text=${t("lasting.not_computed_hint")}></kk-empty>`;
    }
    const group = groups.find(({ code }) => code === this.chosen) ?? whole;
    return html`<section>
        <h2>${t("lasting.title")}</h2>
        ${this.#answer(group, value.fewest_let)} ${this.#choice(value)} ${this.#curve(group, whole)}
      </section>
      ${this.#comparison(value)} ${this.#classes(group)} ${this.#flows(flows)} ${this.#source(value)}
      <kk-chains .municipality=${this.municipality}></kk-chains>`;
  }
}
