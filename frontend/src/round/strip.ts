import { css, nothing, svg } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { RoundPackage, RoundStop } from "../api/types.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import type { SeenUnits } from "./observing.ts";

/** How much of the ground is shown around the officer, metres. */
const WIDE_M = 130;
const HIGH_M = 62;

/** A small plan of the street around one unit, drawn from what was taken along: no map tiles, no reception. */
@customElement("kk-round-strip")
export class KkRoundStrip extends KkElement {
  @property({ attribute: false }) lines: RoundPackage["streets"][number]["lines"] = [];
  @property({ attribute: false }) stops: readonly RoundStop[] = [];
  @property({ attribute: false }) here: RoundStop | null = null;
  @property({ attribute: false }) seen: SeenUnits = new Set();
  @property() street = "";

  static override styles = [
    controls,
    css`
      svg {
        display: block;
        width: 100%;
        height: auto;
        background: var(--ground);
        border-radius: var(--radius);
      }
      .road {
        fill: none;
        stroke: #fff;
        stroke-width: 7;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      .edge {
        stroke: var(--line-2);
        stroke-width: 8;
      }
      circle {
        stroke: #fff;
        stroke-width: 0.7;
        fill: var(--occupied);
      }
      .vacant {
        fill: var(--vacant);
      }
      .seen {
        fill: #1b7a43;
      }
      .here {
        fill: none;
        stroke: var(--ink);
        stroke-width: 1.4;
      }
      path.tick {
        fill: none;
        stroke: #fff;
        stroke-width: 0.9;
        stroke-linecap: round;
      }
    `,
  ];

  protected override render() {
    const { here } = this;
    if (!here) return nothing;
    // North is up: y grows towards the north in metres and downwards on the screen.
    const x = (value: number) => (value - here.x_m).toFixed(1);
    const y = (value: number) => (here.y_m - value).toFixed(1);
    const points = this.lines.map((line) => line.map(([east, north]) => `${x(east)},${y(north)}`).join(" "));
    const near = this.stops.filter(
      (stop) => Math.abs(stop.x_m - here.x_m) < WIDE_M && Math.abs(stop.y_m - here.y_m) < HIGH_M,
    );
    return svg`<svg viewBox="${-WIDE_M / 2} ${-HIGH_M / 2} ${WIDE_M} ${HIGH_M}" role="img"
      aria-label=${t("round.map", { street: this.street })}>
      ${points.map((line) => svg`<polyline class="road edge" points=${line}></polyline>`)}
      ${points.map((line) => svg`<polyline class="road" points=${line}></polyline>`)}
      ${near.map((stop) => {
        const isSeen = this.seen.has(stop.unit_id);
        const kind = isSeen ? "seen" : stop.state;
        const [cx, cy] = [x(stop.x_m), y(stop.y_m)];
        return svg`<circle class=${kind} cx=${cx} cy=${cy} r="3"></circle>${
          isSeen ? svg`<path class="tick" d="M${cx} ${cy}m-1.3 0l0.9 1 1.7-1.9"></path>` : nothing
        }`;
      })}
      <circle class="here" cx="0" cy="0" r="5"></circle>
    </svg>`;
  }
}
