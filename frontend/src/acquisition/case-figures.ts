import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type CaseFigures, type CaseShare, casesApi } from "../api/cases.ts";
import { apiUrl } from "../api/client.ts";
import { date, number, percent, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { caseStyle } from "./cases.css.ts";

/** What became of the cases: every figure with its interval and how many cases it rests on. */
@customElement("kk-case-figures")
export class KkCaseFigures extends KkElement {
  @property() municipality = "";
  readonly #figures = new Asked(this, (signal) =>
    this.municipality ? casesApi.figures(this.municipality, signal) : null,
  );

  static override styles = [
    controls,
    caseStyle,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13.5px;
      }
      th,
      td {
        padding: 4px 2px;
        border-bottom: 1px solid var(--line);
        text-align: right;
        vertical-align: top;
      }
      th:first-child {
        text-align: left;
        font-weight: 500;
      }
      td:last-child {
        width: 84px;
        white-space: nowrap;
      }
      .track {
        display: block;
        height: 5px;
        margin-top: 2px;
        border-radius: 2px;
        background: var(--accent);
      }
      .files {
        display: flex;
        gap: 4px;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("municipality")) void this.#figures.anew();
  }

  #share({ share, lower, upper, n, of }: CaseShare) {
    const cases = html`<span class="muted">${t("case_figures.n", { n, of })}</span>`;
    if (share === null) return html`<span class="muted">${t("case_figures.not_measurable")}</span> ${cases}`;
    const range =
      lower === null || upper === null
        ? t("case_figures.too_few")
        : t("case_figures.range", { lower: percent(lower, 0), upper: percent(upper, 0) });
    return html`<strong class="num">${percent(share, 0)}</strong> <span class="muted num">${range}</span> ${cases}`;
  }

  #funnel({ funnel, n_cases: all }: CaseFigures) {
    return html`<section aria-labelledby="funnel">
      <h3 id="funnel">${t("case_figures.funnel")}</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">${tCode("case_fact", "state")}</th>
            <th scope="col">${t("case_figures.reached")}</th>
            <th scope="col">${t("case_figures.left")}</th>
            <th scope="col">${t("case_figures.here")}</th>
            <th scope="col">${t("case_figures.on")}</th>
          </tr>
        </thead>
        <tbody>
          ${funnel.map(
            (row) => html`<tr>
              <th scope="row">${tCode("case_state", row.state)}<span class="track" style="width:${(100 * row.n_reached) / all}%"></span></th>
              <td class="num">${number(row.n_reached)}</td>
              <td class="num">${number(row.n_left)}</td>
              <td class="num">${number(row.n_here)}</td>
              <td class="num">
                ${row.on_share === null ? "–" : percent(row.on_share, 0)}
                ${row.lower_share === null || row.upper_share === null ? nothing : html`<br /><span class="small muted">${percent(row.lower_share, 0)}–${percent(row.upper_share, 0)}</span>`}
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
      <p class="small muted">${t("case_figures.funnel_note")}</p>
    </section>`;
  }

  #all(told: CaseFigures) {
    if (!told.n_cases)
      return html`<kk-empty .heading=${t("case.none")} .text=${t("case.none_hint")}></kk-empty>`;
    const { filled } = told;
    const nis = this.municipality;
    return html`<div class="pad">
      <p class="small muted">${t("case_figures.period", { n: told.n_cases, first: told.first_on ? date(told.first_on) : "", last: date(told.today) })}</p>
      ${this.#funnel(told)}
      <section aria-labelledby="lead">
        <h3 id="lead">${t("case_figures.lead")}</h3>
        <ul class="rows small">
          ${told.signed_within.map((one) => html`<li><span>${t("case_figures.signed_within", { days: one.days })}</span><span>${this.#share(one)}</span></li>`)}
          <li><span>${t("case_figures.median")}</span><strong class="num">${told.median_days_to_signing === null ? t("case_figures.fewer_than_half") : t("case_figures.days", { n: number(told.median_days_to_signing) })}</strong></li>
          <li><span>${t("case_figures.opened_within", { days: told.opened_within.days })}</span><span>${this.#share(told.opened_within)}</span></li>
        </ul>
        <p class="small muted">${t("case_figures.lead_note")}</p>
      </section>
      <section aria-labelledby="filled">
        <h3 id="filled">${t("case_figures.filled")}</h3>
        <ul class="rows small">
          <li><span>${t("case_figures.filled_units", { n: filled.n })}</span><strong class="num">${squareMetres(filled.floor_area_m2)}</strong>
            <span class="muted">${t("case_figures.n", { n: filled.n_area_known, of: filled.n })}</span></li>
          <li><span>${t("case_figures.wished")}</span><span>${this.#share(told.wished)}</span></li>
          ${told.stayed.map((one) => html`<li><span>${t("case_figures.stayed", { months: one.months })}</span><span>${this.#share(one)}</span></li>`)}
          ${filled.n_temporary ? html`<li>${t("case_figures.temporary", { n: filled.n_temporary })}</li>` : nothing}
        </ul>
      </section>
      <section aria-labelledby="losses">
        <h3 id="losses">${t("case_figures.losses")}</h3>
        ${told.losses.length ? nothing : html`<p class="small muted">${t("case_figures.no_losses")}</p>`}
        <ul class="rows small">${told.losses.map(({ reason, n }) => html`<li><span>${tCode("loss_reason", reason)}</span><strong class="num">${n}</strong></li>`)}</ul>
      </section>
      <p class="files">
        <a class="quiet" download href=${apiUrl("cases/figures.csv", { municipality: nis })}>${t("export.csv")}</a>
        <a class="quiet" download href=${apiUrl("cases/figures.xlsx", { municipality: nis })}>XLSX</a>
      </p>
    </div>`;
  }

  protected override render() {
    return this.#figures.draw((told) => this.#all(told));
  }
}
