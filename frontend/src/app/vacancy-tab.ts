import { html, type TemplateResult } from "lit";
import { customElement } from "lit/decorators.js";
import type { Points } from "../api/types.ts";
import { language, t } from "../text/index.ts";
import { latest, ready } from "../ui/loadable.ts";
import { SectionTab } from "./section-tab.ts";
import type { Session } from "./session.ts";
import { VACANCY_SECTIONS, type VacancySection } from "./view.ts";

/** What each section draws of the session; a new one is a line here and its name in `VACANCY_SECTIONS`. */
const DRAWN: Record<VacancySection, (session: Session) => TemplateResult> = {
  rates,
  durations: ({ view }) => html`<kk-durations .municipality=${view.municipality}></kk-durations>`,
  clusters,
  outlook: ({ view, points }) =>
    html`<kk-outlook .municipality=${view.municipality} .units=${trading(points)}></kk-outlook>`,
  registers: ({ view }) =>
    html`<kk-registers-section .municipality=${view.municipality} .layers=${view.layers}></kk-registers-section>`,
  worklist: ({ view }) =>
    html`<kk-worklist .municipality=${view.municipality ?? ""} .unit=${view.unit} .language=${language()}></kk-worklist>`,
  rounds: ({ view, loaded: { municipality } }) =>
    html`<kk-rounds .municipality=${view.municipality ?? ""} .cores=${ready(municipality)?.cores ?? []}></kk-rounds>`,
};

/** Units that trade and have an address, as the form offers them. */
const trading = latest((points: Points | null) =>
  (points?.ids ?? []).flatMap((id, i) => {
    const address = points!.address[i];
    return address && points!.state[i] === "occupied" ? [{ id, address }] : [];
  }),
);

function rates({ loaded: { vacancy, clusters, municipality }, view }: Session): TemplateResult {
  if (vacancy.status === "error") return html`<kk-error .error=${vacancy.error}></kk-error>`;
  if (vacancy.status !== "ready") return html`<kk-skeleton-rows count="5"></kk-skeleton-rows>`;
  const { value } = vacancy;
  if (value.units.denominator + value.unknown === 0 && value.core_id === null) {
    return html`<kk-empty
      .heading=${t(view.on ? "time.none" : "list.none")}
      .text=${t(view.on ? "time.none_hint" : "list.none_hint")}
    ></kk-empty>`;
  }
  const query = { municipality: view.municipality, scope: view.scope, core: value.core_id, on: view.on };
  return html`<kk-vacancy-overview
    .vacancy=${value}
    .clusters=${view.on ? null : ready(clusters)}
    .cores=${ready(municipality)?.cores ?? []}
    .query=${query}
  ></kk-vacancy-overview>`;
}

function clusters({ view }: Session): TemplateResult {
  return html`<kk-clusters-section
    .municipality=${view.municipality ?? ""}
    .asked=${view.clusters}
  ></kk-clusters-section>`;
}

/** All about vacancy. */
@customElement("kk-vacancy-tab")
export class KkVacancyTab extends SectionTab<VacancySection> {
  protected override readonly sections = VACANCY_SECTIONS;
  protected override readonly drawn = DRAWN;

  protected override get label() {
    return t("vacancy.sections");
  }
}
