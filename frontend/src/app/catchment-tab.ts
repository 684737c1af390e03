import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { LETTERS } from "../catchment/bands.ts";
import { placeName } from "../catchment/place-name.ts";
import { isScenario } from "../catchment/question.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { IDLE, ready } from "../ui/loadable.ts";
import type { Session } from "./session.ts";

/** The tab of catchments: places, how they are reached, what they hold, what if, and what is kept. */
@customElement("kk-catchment-tab")
export class KkCatchmentTab extends KkElement {
  @property({ attribute: false }) session!: Session;
  @property({ type: Number }) turn = 0;
  @property({ type: Number }) version = 0;

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        padding: 14px 16px 24px;
      }
      .intro {
        display: grid;
        gap: 6px;
      }
      .intro h2 {
        font-size: 19px;
        font-weight: 650;
        line-height: 1.2;
      }
      .results {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: 14px;
        padding-top: 14px;
        border-top: 1px solid var(--line);
      }
      .part {
        padding-top: 12px;
        border-top: 1px solid var(--line);
      }
      .busy {
        height: 3px;
        margin: -15px 0 -2px;
        border-radius: 2px;
        background: linear-gradient(90deg, var(--accent-weak) 25%, var(--accent) 50%, var(--accent-weak) 75%);
        background-size: 200% 100%;
        animation: shimmer 1.2s linear infinite;
      }
      .whose {
        font-size: 15px;
        font-weight: 650;
      }
      .wait {
        display: grid;
        gap: 12px;
      }
    `,
  ];

  #names(): string[] {
    const { catchments, points, view } = this.session;
    return view.question.places.map((place, i) => {
      const unit = place.kind === "unit" ? (points?.ids.indexOf(place.id) ?? -1) : -1;
      return placeName(place, catchments.shown[i] ?? null, unit >= 0 ? points!.address[unit]! : null);
    });
  }

  #competitors(): ReadonlyMap<number, string> {
    const { catchments, points, view } = this.session;
    const names = new Map<number, string>();
    for (const { id, label } of catchments.shown[0]?.catchment.competitors ?? [])
      if (label) names.set(id, label);
    for (const id of view.question.competitors) {
      const address = points?.address[points.ids.indexOf(id)];
      if (address && !names.has(id)) names.set(id, address);
    }
    return names;
  }

  #intro() {
    return html`<div class="intro">
      <h2>${t("catchment.title")}</h2>
      <p>${t("catchment.intro")}</p>
    </div>`;
  }

  #errors(names: readonly string[]) {
    const { answers } = this.session.catchments;
    return answers.map((answer, i) =>
      answer.status === "error"
        ? html`${answers.length > 1 ? html`<p class="whose">${LETTERS[i]}: ${names[i]}</p>` : nothing}
            <kk-catchment-error .error=${answer.error}></kk-catchment-error>`
        : nothing,
    );
  }

  #results(names: readonly string[]) {
    const { catchments, view } = this.session;
    const { question } = view;
    const { shown, streets } = catchments;
    const [first = null] = shown;
    const isWaiting = first === null && (catchments.answers[0] ?? IDLE).status === "loading";
    return html`<div class="results" aria-busy=${catchments.isBusy}>
      ${catchments.isBusy ? html`<div class="busy" role="status" aria-label=${t("loading")}></div>` : nothing}
      ${this.#errors(names)}
      ${
        isScenario(question)
          ? html`<kk-scenario-difference
            .answer=${first}
            .question=${question}
            .streets=${streets}
            .known=${streets.size}
          ></kk-scenario-difference>`
          : nothing
      }
      ${
        shown.length > 1
          ? html`<kk-comparison .answers=${shown} .names=${names} .band=${question.band}></kk-comparison>
            <h2 class="whose">A: ${names[0]}</h2>`
          : nothing
      }
      ${isWaiting ? html`<div class="wait"><div class="skeleton" style="height:60px"></div><div class="skeleton" style="height:180px"></div></div>` : nothing}
      <kk-holdings .answer=${first} .band=${question.band} .towns=${ready(this.session.municipalities)?.items ?? []}></kk-holdings>
      <kk-catchment-sources .answer=${first} .band=${question.band}></kk-catchment-sources>
      ${
        first
          ? html`<kk-catchment-take
            .question=${question}
            .names=${names}
            .municipality=${view.municipality ?? ""}
          ></kk-catchment-take>`
          : nothing
      }
    </div>`;
  }

  #asked(names: readonly string[]) {
    const { catchments, unit, view } = this.session;
    const { question } = view;
    const { pick, stored, streets } = catchments;
    const [first] = question.places;
    const detail = ready(unit);
    return html`${
      stored
        ? html`<kk-stored-head .stored=${stored} .comparing=${question.versus !== null}></kk-stored-head>`
        : nothing
    }
      ${
        question.versus
          ? html`<kk-stored-difference .difference=${catchments.difference}></kk-stored-difference>`
          : nothing
      }
      <kk-catchment-controls
        .question=${question}
        .competitors=${this.#competitors()}
        .ownBranch=${first?.kind === "unit" && detail?.id === first.id ? detail.branch_code : null}
      ></kk-catchment-controls>
      <kk-scenario-section
        .question=${question}
        .streets=${streets}
        .known=${streets.size}
        .pick=${pick}
      ></kk-scenario-section>
      ${this.#results(names)}`;
  }

  protected override render() {
    const { catchments, view } = this.session;
    const { question, municipality } = view;
    const names = this.#names();
    const isAsked = question.places.length > 0 || question.stored !== null;
    return html`${isAsked ? nothing : this.#intro()}
      <kk-place-list
        .places=${question.places}
        .names=${names}
        .municipality=${municipality ?? ""}
        .picking=${catchments.pick?.kind === "place"}
      ></kk-place-list>
      ${isAsked ? this.#asked(names) : nothing}
      <kk-stored-list
        class="part"
        .municipality=${municipality ?? ""}
        .opened=${question.stored}
        .versus=${question.versus}
        .version=${this.session.catchments.version}
      ></kk-stored-list>`;
  }
}
