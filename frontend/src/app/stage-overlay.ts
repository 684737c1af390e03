import { html, type TemplateResult } from "lit";
import type { Session } from "./session.ts";

/** What lies over the corner of the map: what is being pointed at, or else the way back in time. */
export function stageOverlay({ catchments, view, isPointsLate }: Session): TemplateResult {
  if (catchments.pick)
    return html`<kk-pick-banner class="stage-pick" .pick=${catchments.pick}></kk-pick-banner>`;
  return html`<kk-time-slider class="stage-time" .on=${view.on} .waiting=${isPointsLate}></kk-time-slider>`;
}
