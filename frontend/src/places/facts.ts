import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { Fact, ShopUnitDetail } from "../api/types.ts";
import { date, euro, month, quantity, roughly, shortDate, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { durationText } from "./duration.ts";

// Facts whose value is a code; the others are names, keys and remarks, to be shown as they are.
const CODED = new Set(["floor_level", "fitout_state", "lifecycle"]);

/** The four figures an officer asks first. */
@customElement("kk-key-figures")
export class KkKeyFigures extends KkElement {
  @property({ attribute: false }) unit: ShopUnitDetail | null = null;
  @property({ attribute: false }) now = new Date();

  static override styles = [
    controls,
    css`
      dl {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 1px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
        background: var(--line);
        overflow: hidden;
      }
      div {
        padding: 8px 12px 9px;
        background: var(--surface);
      }
      dt {
        font-size: 13px;
        color: var(--ink-3);
      }
      dd {
        font-size: 17px;
        font-weight: 600;
        line-height: 1.25;
      }
      small {
        display: block;
        font-size: 13px;
        font-weight: 400;
        color: var(--ink-2);
      }
    `,
  ];

  #since(unit: ShopUnitDetail): [string, string, string | null] {
    if (unit.state === "vacant") {
      const since = unit.vacant_since;
      const latest = since?.latest ?? null;
      const earliest = since?.earliest ?? null;
      if (!latest && !earliest) return [t("unit.vacant_since"), t("unknown"), null];
      const about = durationText(earliest, latest, this.now);
      const words =
        earliest && latest && earliest !== latest
          ? t("history.between", { earliest: month(earliest), latest: month(latest) })
          : month((latest ?? earliest)!);
      return [t("unit.vacant_since"), about, words];
    }
    const current = unit.history.find((item) => item.kind === "occupancy" && !item.to);
    const from = current?.from ?? null;
    return [t("unit.occupied_since"), from ? month(from) : t("unknown"), current?.branch_label ?? null];
  }

  protected override render() {
    const { unit } = this;
    if (!unit) return nothing;
    const [sinceName, sinceValue, sinceMore] = this.#since(unit);
    const day = unit.footfall_per_day;
    const rent = unit.asking_rent_eur_per_month;
    return html`<dl class="num">
      <div>
        <dt>${t("unit.floor_area")}</dt>
        <dd>${unit.floor_area_m2 === null ? t("unknown") : squareMetres(unit.floor_area_m2)}</dd>
      </div>
      <div>
        <dt>${sinceName}</dt>
        <dd>${sinceValue} ${sinceMore ? html`<small>${sinceMore}</small>` : nothing}</dd>
      </div>
      <div>
        <dt>${t("unit.footfall")}</dt>
        <dd>
          ${day ? t("about", { value: roughly(day.value) }) : unit.footfall_class ? t(`street_footfall.${unit.footfall_class}`) : t("unknown")}
          ${day?.lower && day.upper ? html`<small>${roughly(day.lower)} – ${roughly(day.upper)}</small>` : nothing}
        </dd>
      </div>
      <div>
        <dt>${t("unit.market")}</dt>
        <dd>
          ${unit.market_status ? tCode("market_status", unit.market_status) : t("unknown")}
          ${rent === null ? nothing : html`<small>${t("unit.rent", { value: euro(rent) })}</small>`}
        </dd>
      </div>
    </dl>`;
  }
}

/** Everything that is recorded of a shop unit, each with where it came from and when. */
@customElement("kk-facts")
export class KkFacts extends KkElement {
  @property({ attribute: false }) unit: ShopUnitDetail | null = null;

  static override styles = [
    controls,
    css`
      table {
        width: 100%;
        border-collapse: collapse;
        font-size: 14px;
      }
      th,
      td {
        padding: 5px 0;
        border-bottom: 1px solid var(--line);
        text-align: left;
        vertical-align: top;
        font-weight: 400;
      }
      th {
        width: 42%;
        padding-right: 10px;
        color: var(--ink-2);
      }
      td span {
        display: block;
        color: var(--ink-3);
        font-size: 12.5px;
        line-height: 1.3;
      }
    `,
  ];

  #value(fact: Fact): string {
    if (fact.value === null) return t("unknown");
    if (typeof fact.value === "boolean") return t(fact.value ? "yes" : "no");
    if (typeof fact.value === "number") return quantity(fact.value, fact.unit);
    if (/^\d{4}-\d{2}-\d{2}$/.test(fact.value)) return date(fact.value);
    if (!CODED.has(fact.code)) return fact.value;
    return tCode(fact.code, fact.value);
  }

  #row(name: string, value: string, origin: (string | null)[] = []) {
    const words = origin.filter(Boolean).join(", ");
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${value}${words ? html`<span>${words}</span>` : nothing}</td>
    </tr>`;
  }

  protected override render() {
    const { unit } = this;
    if (!unit) return nothing;
    return html`<table class="num">
      <tbody>
        ${unit.facts.map((fact) =>
          this.#row(tCode("fact", fact.code), this.#value(fact), [
            fact.code === "capakey" && unit.parcel?.area_m2
              ? t("unit.parcel_area", { area: squareMetres(unit.parcel.area_m2) })
              : null,
            fact.source,
            fact.observed_on ? shortDate(fact.observed_on) : null,
          ]),
        )}
        ${unit.relations.map((relation) =>
          this.#row(
            tCode("relation_kind", relation.kind),
            t(relation.is_later ? "relation.later" : "relation.earlier", {
              kind: tCode("relation_kind", relation.kind),
              date: relation.happened_on ? date(relation.happened_on) : t("relation.date_unknown"),
              address: relation.address,
            }),
          ),
        )}
      </tbody>
    </table>`;
  }
}
