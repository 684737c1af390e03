import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import type { Sensor, ShopUnitDetail } from "../api/types.ts";
import { legendStyles } from "../places/unit-style.ts";
import { unitSymbol } from "../places/unit-symbol.ts";
import type { OwnScore } from "../score/components.ts";
import { GENERAL, MOST_COMPARED } from "../score/profile.ts";
import { language, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { ready } from "../ui/loadable.ts";
import type { Session } from "./session.ts";
import { unitPanelStyle } from "./unit-panel.css.ts";

// One empty list, not a new one at every drawing: a new one would be loaded anew.
const NO_SENSORS: readonly Sensor[] = [];
const NO_DAYS: readonly number[] = [];

/** One shop unit: what it is, why it scores as it does, who reaches it, who passes, what happened there. */
@customElement("kk-unit-panel")
export class KkUnitPanel extends KkElement {
  @property({ attribute: false }) session!: Session;
  @property({ type: Number }) turn = 0;
  @state() private copied = false;

  static override styles = [controls, unitPanelStyle];

  /** Begin at the top, at the heading: another unit is another page. */
  override focus(): void {
    this.renderRoot.querySelector(".body")?.scrollTo(0, 0);
    this.renderRoot.querySelector<HTMLElement>("h2")?.focus();
  }

  async #copy(): Promise<void> {
    const text = location.href;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Without https a browser has no clipboard to write; the old way still works there.
      const field = document.createElement("textarea");
      field.value = text;
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
    this.copied = true;
    window.setTimeout(() => {
      this.copied = false;
    }, 2500);
  }

  #own(): OwnScore | null {
    const { session } = this;
    const i = session.selectedIndex;
    const { ranking, rankRange: range } = session;
    if (!session.view.weights || i === null || !ranking) return null;
    const score = ranking.score[i]!;
    return {
      value: Number.isNaN(score) ? null : score,
      rank: ranking.rank[i] || null,
      rank_lower: range?.lower[i] || null,
      rank_upper: range?.upper[i] || null,
      of: ranking.of,
    };
  }

  /** Put this unit beside others, or take it away there. */
  #compare() {
    const { unit, compared, on } = this.session.view;
    if (unit === null || on) return nothing;
    const isIn = compared.includes(unit);
    const isFull = !isIn && compared.length >= MOST_COMPARED;
    const words = isIn ? t("compare.remove") : isFull ? t("compare.full") : t("compare.add");
    return html`<button
      class="quiet square"
      aria-pressed=${isIn}
      aria-label=${words}
      title=${words}
      ?disabled=${isFull}
      @click=${() => this.emit("compare-change", { ids: isIn ? compared.filter((id) => id !== unit) : [...compared, unit] })}
    >
      ${icon("columns")}
    </button>`;
  }

  #section(key: "score" | "catchment" | "footfall" | "history" | "card" | "facts", inside: unknown) {
    return html`<section aria-labelledby="h-${key}">
      <h3 id="h-${key}">${t(`unit.${key}_title`)}</h3>
      ${inside}
    </section>`;
  }

  #score(unit: ShopUnitDetail) {
    const { view, profiles } = this.session;
    const { draft } = profiles;
    if (draft || view.profile !== GENERAL) {
      return html`<kk-profile-score
        .municipality=${view.municipality ?? ""}
        .profile=${view.profile}
        .draft=${draft}
        .unit=${unit.id}
        .language=${language()}
        .weights=${view.weights}
        .own=${this.#own()}
      ></kk-profile-score>`;
    }
    return html`<kk-score-section .detail=${unit.score_detail} .weights=${view.weights} .own=${this.#own()}></kk-score-section>
      ${unit.score_detail ? nothing : html`<p class="small"><code>./kernkaart refresh</code></p>`}`;
  }

  #body(unit: ShopUnitDetail) {
    const { session } = this;
    const municipality = ready(session.loaded.municipality);
    return html`<kk-key-figures .unit=${unit}></kk-key-figures>
      <kk-unit-freshness .unit=${unit} .language=${language()}></kk-unit-freshness>
      ${this.#section("score", this.#score(unit))}
      ${this.#section(
        "catchment",
        html`<kk-catchment-section .mode=${session.view.catchment} .catchment=${session.catchment} .unit=${unit.id} .others=${session.view.question.places.length}></kk-catchment-section>
          <kk-accessibility .accessibility=${unit.accessibility}></kk-accessibility>`,
      )}
      ${this.#section(
        "footfall",
        html`<kk-footfall-section
          .footfall=${unit.footfall}
          .place=${unit}
          .sensors=${ready(session.loaded.sensors)?.items ?? NO_SENSORS}
          .marketWeekdays=${municipality?.market_weekdays ?? NO_DAYS}
        ></kk-footfall-section>`,
      )}
      ${this.#section(
        "history",
        html`<kk-unit-cases .unit=${unit}></kk-unit-cases>
          ${unit.state === "vacant" ? html`<kk-sharing .unit=${unit.id}></kk-sharing>` : nothing}
          <kk-contacts .municipality=${unit.nis_code} .unit=${unit.id}></kk-contacts>
          <kk-unit-registers .unit=${unit.id}></kk-unit-registers>
          <kk-timeline .history=${unit.history}></kk-timeline>
          <kk-prospects .unit=${unit.id}></kk-prospects>
          ${
            unit.cluster
              ? html`<p class="cluster small"><strong>${t("cluster.name", { label: unit.cluster.label })}</strong> ${unit.cluster.sentence}</p>`
              : nothing
          }
          ${
            unit.vacant_neighbours
              ? html`<p class="cluster small"><strong>${t("clusters.neighbours")}</strong> ${unit.vacant_neighbours.sentence}</p>`
              : nothing
          }`,
      )}
      <kk-unit-candidates .unit=${unit}></kk-unit-candidates>
      ${this.#section("card", html`<kk-premises .unit=${unit.id}></kk-premises>`)}
      ${this.#section("facts", html`<kk-facts .unit=${unit}></kk-facts>`)}`;
  }

  #state(unit: ShopUnitDetail) {
    const style = legendStyles("state").find((entry) => entry.style.key === unit.state)!.style;
    return html`<div class="state">
      ${unitSymbol(style)} ${tCode("state", unit.state)}
      ${unit.vacancy_class ? html`<span class="muted">${tCode("vacancy_class", unit.vacancy_class)}</span>` : nothing}
    </div>`;
  }

  #more(unit: ShopUnitDetail): string {
    const group = unit.branch_group ? tCode("branch_group", unit.branch_group) : null;
    return [unit.name, group, unit.postcode].filter(Boolean).join(" · ");
  }

  /** The address, which the list already knows while the rest is still on its way. */
  #address(): string {
    const { session } = this;
    const i = session.selectedIndex;
    return (
      ready(session.unit)?.address ?? (i === null ? null : session.points?.address[i]) ?? t("unit.title")
    );
  }

  protected override render() {
    const { unit } = this.session;
    const value = ready(unit);
    return html`<header>
        <div class="title">
          ${value ? this.#state(value) : nothing}
          <h2 tabindex="-1">${this.#address()}</h2>
          ${value ? html`<p class="small muted">${this.#more(value)}</p>` : nothing}
        </div>
        <div class="tools">
          <kk-unit-edit .unit=${value}></kk-unit-edit>
          ${this.#compare()}
          <button class="quiet square" aria-label=${t("unit.copy")} title=${t("unit.copy")} @click=${this.#copy}>
            ${icon(this.copied ? "check" : "link")}
          </button>
          <button class="quiet square" aria-label=${t("unit.print")} title=${t("unit.print")} @click=${() => window.print()}>
            ${icon("print")}
          </button>
          <button class="quiet square" aria-label=${t("unit.close")} title=${t("unit.close")} @click=${() => this.emit("unit-select", { id: null })}>
            ${icon("close", 20)}
          </button>
        </div>
        <span class="visually-hidden" role="status">${this.copied ? t("unit.copied") : ""}</span>
      </header>
      <div class="body" tabindex="0" role="region" aria-label=${t("unit.title")}>
        ${
          unit.status === "error"
            ? html`<kk-error .error=${unit.error}></kk-error>`
            : value
              ? this.#body(value)
              : html`<div role="status" aria-label=${t("loading")} class="wait">
                <div class="skeleton" style="height:118px"></div>
                <div class="skeleton" style="height:220px"></div>
                <div class="skeleton" style="height:120px"></div>
              </div>`
        }
      </div>`;
  }
}
