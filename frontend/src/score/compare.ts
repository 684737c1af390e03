import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property } from "lit/decorators.js";
import { profilesApi } from "../api/profiles.ts";
import type { Points, ProfileContent, ProfileExplanation } from "../api/types.ts";
import { number, quantity } from "../text/format.ts";
import { labelOf, language, t, tCode } from "../text/index.ts";
import { Asked } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { rangeText, weighComponents } from "./components.ts";
import type { Weights } from "./ranking.ts";

const NAMED = ["share", "yes_no", "passage_class"];

/** A value without its unit, which stands once at the head of the row: four columns must fit beside a map. */
function bare(value: number, unit: string | null): string {
  return unit !== null && NAMED.includes(unit) ? quantity(value, unit) : quantity(value, null);
}

function unitOf(unit: string | null) {
  return unit === null || NAMED.includes(unit)
    ? nothing
    : html`<small>${tCode("profile_unit", unit)}</small>`;
}

interface Answer {
  id: number;
  told: ProfileExplanation;
}

interface Column extends Answer {
  address: string;
}

/** What was answered; a unit that is no more must not take the others with it, unless all are refused. */
async function columnsOf(asked: readonly Promise<Answer>[]): Promise<Answer[]> {
  const settled = await Promise.allSettled(asked);
  const came = settled.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = settled.find((each) => each.status === "rejected");
  if (came.length === 0 && failed) throw failed.reason;
  return came;
}

/** Up to four units side by side: what each has, what each earns with it, and which is best on what. */
@customElement("kk-compare")
export class KkCompare extends KkElement {
  @property({ attribute: false }) units: readonly number[] = [];
  @property() municipality = "";
  @property() profile = "";
  @property({ attribute: false }) draft: ProfileContent | null = null;
  @property({ attribute: false }) weights: Weights | null = null;
  @property({ attribute: false }) points: Points | null = null;
  @property() language = "";
  readonly #told = new Asked(this, (signal) => {
    const { municipality: nis, profile, draft, units } = this;
    if (!nis || units.length === 0) return null;
    const ask = async (id: number) => ({
      id,
      told: await (draft
        ? profilesApi.contentUnit(nis, draft, id, language(), signal)
        : profilesApi.profileUnit(nis, profile, id, language(), signal)),
    });
    return columnsOf(units.map(ask));
  });

  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      section {
        padding: 10px 16px 6px;
      }
      header {
        display: flex;
        align-items: center;
        justify-content: space-between;
      }
      h3 {
        font-size: 15px;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 13px;
      }
      th,
      td {
        min-width: 58px;
        padding: 5px 4px;
        border-bottom: 1px solid var(--line);
        text-align: right;
        vertical-align: top;
        font-weight: 400;
      }
      th[scope="row"] {
        min-width: 92px;
        padding-left: 0;
        text-align: left;
      }
      thead th {
        font-weight: 600;
      }
      thead .quiet {
        display: inline;
        min-height: 24px;
        padding: 2px;
        text-align: right;
        font-size: 13px;
        hyphens: auto;
        overflow-wrap: break-word;
      }
      .best {
        font-weight: 700;
      }
      small {
        display: block;
        color: var(--ink-3);
        font-weight: 400;
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    // Figures of another profile must not stand under this one, not even for a moment.
    if (changed.has("municipality") || changed.has("profile")) void this.#told.anew();
    else if (["units", "draft", "language"].some((name) => changed.has(name))) void this.#told.again();
  }

  #score({ told }: Column): number | null {
    if (!this.weights) return told.score;
    const weighed = weighComponents(told.components, this.weights);
    const known = weighed.filter(({ component }) => component.contribution !== null);
    return known.length ? known.reduce((sum, { component }) => sum + component.contribution!, 0) : null;
  }

  #wishes({ told }: Column): string {
    const named = (verdict: string) =>
      told.wishes.filter((wish) => wish.verdict === verdict).map((wish) => labelOf(wish));
    const failed = named("failed");
    const unknown = named("unknown");
    if (failed.length) return t("compare.some_failed", { names: failed.join(", ") });
    return unknown.length ? t("compare.some_unknown", { names: unknown.join(", ") }) : t("compare.all_met");
  }

  #row(code: string, columns: readonly Column[]) {
    const cells = columns.map(({ told }) => {
      const found = weighComponents(told.components, this.weights).find(
        ({ component }) => component.code === code,
      );
      return found?.component ?? null;
    });
    const best = Math.max(...cells.map((cell) => cell?.scaled ?? -1));
    const isTie = cells.every((cell) => cell?.scaled === best);
    return html`<tr>
      <th scope="row">${cells[0]?.label ?? code}${unitOf(cells[0]?.unit ?? null)}</th>
      ${cells.map((cell) => {
        const isBest = !isTie && cell?.scaled === best && best >= 0;
        return html`<td class="num ${isBest ? "best" : ""}">
          ${cell?.value === null || !cell ? t("unknown") : bare(cell.value, cell.unit)}${
            isBest ? html`<span class="visually-hidden">, ${t("compare.best")}</span>` : nothing
          }
          ${
            cell && cell.contribution !== null && cell.scaled !== null
              ? html`<small>${t("score.points", { points: number(cell.contribution, 1) })}</small>`
              : nothing
          }
        </td>`;
      })}
    </tr>`;
  }

  #table(columns: readonly Column[]) {
    const codes = columns[0]!.told.components.map(({ code }) => code);
    const hasWishes = columns[0]!.told.wishes.length > 0;
    return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("compare.title")}>
      <table>
        <thead>
          <tr>
            <td></td>
            ${columns.map(
              ({ id, address }) => html`<th scope="col">
                <button class="quiet" @click=${() => this.emit("unit-select", { id })}>${address}</button>
                <button
                  class="quiet"
                  aria-label="${t("compare.remove")}: ${address}"
                  title=${t("compare.remove")}
                  @click=${() => this.emit("compare-change", { ids: this.units.filter((unit) => unit !== id) })}
                >
                  ${icon("close", 14)}
                </button>
              </th>`,
            )}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">${t("compare.score")} <small>/ 100</small></th>
            ${columns.map((column) => {
              const score = this.#score(column);
              return html`<td class="num best">${score === null ? t("unknown") : number(score, 1)}</td>`;
            })}
          </tr>
          ${
            this.weights
              ? nothing
              : html`<tr>
                <th scope="row">${t("compare.rank")}</th>
                ${columns.map(
                  ({ told }) => html`<td class="num">
                    ${told.rank === null ? "–" : number(told.rank)}<small
                      >${rangeText(told.rank_lower, told.rank_upper) ?? ""}</small
                    >
                  </td>`,
                )}
              </tr>`
          }
          ${
            hasWishes
              ? html`<tr>
                <th scope="row">${t("compare.wishes")}</th>
                ${columns.map((column) => html`<td>${this.#wishes(column)}</td>`)}
              </tr>`
              : nothing
          }
          ${codes.map((code) => this.#row(code, columns))}
        </tbody>
      </table>
    </div>`;
  }

  protected override render() {
    if (this.units.length === 0) return nothing;
    return html`<section aria-labelledby="h-compare">
      <header>
        <h3 id="h-compare">${t("compare.title")}</h3>
        <button class="quiet" @click=${() => this.emit("compare-change", { ids: [] })}>${t("compare.clear")}</button>
      </header>
      ${this.units.length === 1 ? html`<p class="small muted">${t("compare.hint")}</p>` : nothing}
      ${this.#told.draw((answers) => {
        const columns = answers
          .filter(({ id }) => this.units.includes(id))
          .map(({ id, told }) => {
            const at = this.points?.ids.indexOf(id) ?? -1;
            return { id, told, address: this.points?.address[at] ?? String(id) };
          });
        return columns.length ? this.#table(columns) : nothing;
      })}
      <kk-unit-files .units=${this.units} .profile=${this.draft ? "" : this.profile}></kk-unit-files>
    </section>`;
  }
}
