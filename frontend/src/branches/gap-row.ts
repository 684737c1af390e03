import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Gap, Peer, Stance } from "../api/branches.ts";
import { date, number, percent, squareMetres } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { branchStyle } from "./branches.css.ts";
import { shops, strip } from "./gaps.ts";
import type { KkSayForm } from "./say-form.ts";
import "./say-form.ts";

/** One branch here against alike towns: what there is, what would be usual, how sure, and what the town says of it. */
@customElement("kk-gap-row")
export class KkGapRow extends KkElement {
  @property({ attribute: false }) row!: Gap;
  @property({ attribute: false }) towns: readonly Peer[] = [];
  @property() level: "branch" | "group" = "branch";
  /** Name of the core that is looked at; empty: the whole municipality. */
  @property() core = "";
  @property({ type: Boolean }) busy = false;
  @state() private saying: Stance | null = null;

  static override styles = [
    controls,
    branchStyle,
    css`
      :host {
        display: grid;
        gap: 5px;
      }
    `,
  ];

  async #open(stance: Stance): Promise<void> {
    this.saying = stance;
    await this.updateComplete;
    this.renderRoot.querySelector<KkSayForm>("kk-say-form")?.focus();
  }

  #say(reason: string): void {
    const stance = this.saying;
    this.saying = null;
    this.emit("stance", { stance, reason });
  }

  #strip() {
    const { row } = this;
    const at = strip(row);
    if (!at) return nothing;
    const told = t("branches.strip", {
      own: row.n_own,
      lower: row.usual_lower ?? "",
      upper: row.usual_upper ?? "",
    });
    return html`<div class="strip ${row.certainty === "sure" ? "sure" : ""}" role="img" aria-label=${told}>
      <span class="usual" style="left:${at.from}%;width:${at.to - at.from}%"></span>
      <span class="own" style="left:${at.own}%"></span>
    </div>`;
  }

  #units() {
    const { row } = this;
    if (row.is_hidden || row.expected === null)
      return html`<p class="small">${t("branches.own_only", { n: row.n_own })} <span class="muted">${t("branches.hidden")}</span></p>`;
    const usual =
      row.usual_lower === null || row.usual_upper === null
        ? t("branches.expected", { n: row.n_own, expected: shops(row.expected) })
        : t("branches.usual", {
            n: row.n_own,
            expected: shops(row.expected),
            lower: row.usual_lower,
            upper: row.usual_upper,
          });
    return html`<p class="small">${usual}</p>`;
  }

  #area() {
    const { row } = this;
    if (row.own_m2 === null) return html`<span>${t("branches.area_unknown")}</span>`;
    if (row.expected_m2 === null || row.gap_m2 === null)
      return html`<span>${t("branches.area_own", { own: squareMetres(row.own_m2) })}</span>`;
    const words = {
      own: squareMetres(row.own_m2),
      expected: squareMetres(row.expected_m2),
      n: row.n_peers_m2,
    };
    const range =
      row.usual_lower_m2 === null || row.usual_upper_m2 === null
        ? ""
        : t("branches.area_range", {
            lower: squareMetres(row.usual_lower_m2),
            upper: squareMetres(row.usual_upper_m2),
          });
    return html`<span>${t("branches.area", words)} ${range}</span>`;
  }

  #flows() {
    const { row } = this;
    const told = (["leakage", "online"] as const).flatMap((kind) => {
      const flow = row[kind];
      return flow
        ? [
            html`<span>${tCode("branch_flow_kind", kind)}: ${percent(flow.share, 0)} (${flow.source}, ${flow.year}).</span>`,
          ]
        : [];
    });
    if (!told.length) return html`<span>${t("branches.no_flows")}</span>`;
    const room =
      row.room_group_m2 === null
        ? nothing
        : html`<span>${t("branches.room", { group: tCode("branch_group", row.branch_group), m2: squareMetres(row.room_group_m2) })}
          ${row.backed_gap_m2 === null ? "" : t("branches.backed", { m2: squareMetres(row.backed_gap_m2) })}</span>`;
    return html`${told} ${room}`;
  }

  #cells() {
    const name = (nis: string) => {
      const town = this.towns.find(({ nis_code }) => nis_code === nis);
      return town ? labelOf(town, "name") : nis;
    };
    return this.row.cells
      .map(({ nis_code: nis, n }) => `${name(nis)} ${n === null ? t("branches.under", { n: 3 }) : n}`)
      .join(", ");
  }

  #details() {
    const { row } = this;
    const { rate_per_1000: rate, rate_lower_per_1000: lower, rate_upper_per_1000: upper } = row;
    return html`<details class="small">
      <summary>${t("branches.why")}</summary>
      <p>${
        rate === null || lower === null || upper === null
          ? t("branches.hidden")
          : t("branches.rate", {
              own: number(row.own_per_1000, 2),
              rate: number(rate, 2),
              lower: number(lower, 2),
              upper: number(upper, 2),
              n: row.n_peers ?? 0,
              towns: row.n_with ?? 0,
              of: row.cells.length,
            })
      }</p>
      <p>${this.#cells()}</p>
      <p>${this.#area()}</p>
      <p>${this.#flows()}</p>
    </details>`;
  }

  #wish() {
    const { wish } = this.row;
    if (this.level === "group") return nothing;
    if (this.saying)
      return html`${this.core ? html`<p class="small"><strong>${t("branches.of_core", { core: this.core })}</strong></p>` : nothing}<kk-say-form
        .label=${t("branches.confirm", { stance: this.#word(this.saying) })}
        .busy=${this.busy}
        @say=${(event: CustomEvent<{ reason: string }>) => this.#say(event.detail.reason)}
        @say-cancel=${() => {
          this.saying = null;
        }}
      ></kk-say-form>`;
    // What holds for the whole municipality is not taken back for one core: another thing is said of the core.
    const isOwn = !this.core || wish?.core_code != null;
    const button = (stance: Stance) =>
      html`<button class="button" aria-pressed=${wish?.stance === stance} ?disabled=${this.busy}
        aria-label="${tCode("branch_stance", stance)}: ${labelOf(this.row)}" @click=${() => this.#open(wish?.stance === stance && isOwn ? "open" : stance)}>${tCode("branch_stance", stance)}</button>`;
    return html`<div class="bar">${button("wished")} ${button("unwanted")}
      ${wish ? html`<span class="small muted">${t("branches.by", { by: wish.made_by, on: date(wish.since_on), reason: wish.reason })}${isOwn ? "" : ` (${t("branches.of_town")})`}</span>` : nothing}</div>`;
  }

  #word(stance: Stance): string {
    return stance === "open" && this.core ? t("branches.as_town") : tCode("branch_stance", stance);
  }

  protected override render() {
    const { row } = this;
    return html`<div class="line"><strong>${labelOf(row)}</strong>
        <span class="bar">${row.kind ? html`<span class="badge ${row.kind === "void" || row.kind === "gap" ? "warn" : ""}">${tCode("gap_kind", row.kind)}</span>` : nothing}
          ${row.certainty ? html`<span class="small muted">${tCode("gap_certainty", row.certainty)}</span>` : nothing}</span></div>
      ${this.#units()} ${this.#strip()} ${this.#details()} ${this.#wish()}`;
  }
}
