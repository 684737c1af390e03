import { html, type nothing, type TemplateResult } from "lit";
import { casesOverlay } from "./cases-tab.ts";
import type { Session } from "./session.ts";

/** What lies over the corner of the map: what is being pointed at, or else the way back in time. */
export function stageOverlay({ catchments, view, isPointsLate }: Session): TemplateResult | typeof nothing {
  if (catchments.pick)
    return html`<kk-pick-banner class="stage-pick" .pick=${catchments.pick}></kk-pick-banner>`;
  if (view.tab === "cases") return casesOverlay(view);
  return html`<kk-time-slider class="stage-time" .on=${view.on} .waiting=${isPointsLate}></kk-time-slider>`;
}
