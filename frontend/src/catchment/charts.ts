import { html, nothing, svg, type TemplateResult } from "lit";
import type { BandUnit, CatchmentBand } from "../api/types.ts";
import { number, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { bandColour, bandText } from "./bands.ts";

const WIDTH = 336;
const VACANT = "#b8400e";
const UNITS = "#0b5563";
const AREA = "#8fb9c0";

interface Bar {
  name: string;
  value: number | null;
  colour: string;
  isRead: boolean;
}

/** Inhabitants per band as bars, near to far, in the colours of the map. */
export function bandChart(bands: readonly CatchmentBand[], unit: BandUnit, read: number): TemplateResult {
  const bars = bands.map(
    (band, i): Bar => ({
      name: bandName(band, unit),
      value: band.population,
      colour: bandColour(i, bands.length),
      isRead: band.band === read,
    }),
  );
  const top = Math.max(1, ...bars.map((bar) => bar.value ?? 0));
  const label = t("catchment.bands_alt", {
    values: bars
      .map(({ name, value }) => `${name}: ${value === null ? t("unknown") : number(value)}`)
      .join("; "),
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${bars.length * 28}" role="img" aria-label=${label}>
    ${bars.map(({ name, value, colour, isRead }, i) => {
      const y = i * 28;
      const weight = isRead ? "font-weight:650" : "";
      return svg`<text x="0" y=${y + 17} style=${weight}>${name}</text>
        <rect x="104" y=${y + 4} width="168" height="17" rx="2" fill="#eef1f3" />
        <rect x="104" y=${y + 4} width=${((value ?? 0) / top) * 168} height="17" rx="2" fill=${colour} />
        <text x=${WIDTH} y=${y + 17} text-anchor="end" style=${weight}>${value === null ? t("unknown") : number(value)}</text>`;
    })}
  </svg>`;
}

/** "5 min", or "5–10 min" for a ring. */
export function bandName(band: CatchmentBand, unit: BandUnit): string {
  return band.lower > 0 ? `${number(band.lower)}–${bandText(band.band, unit)}` : bandText(band.band, unit);
}

interface Group {
  name: string;
  units: number;
  area: number | null;
  unknown: number;
  isVacant: boolean;
}

/** Occupied shop units by branch group, most first, and the vacant ones below them. */
function groupsOf(band: CatchmentBand): Group[] {
  const groups = Object.entries(band.branches ?? {})
    .map(
      ([code, group]): Group => ({
        name: tCode("branch_group", code),
        units: group.units,
        area: group.units === group.floor_area_m2_unknown ? null : group.floor_area_m2,
        unknown: group.floor_area_m2_unknown,
        isVacant: false,
      }),
    )
    .filter(({ units }) => units > 0)
    .sort((a, b) => b.units - a.units);
  if (band.vacant_units) {
    groups.push({
      name: t("state.vacant"),
      units: band.vacant_units,
      area: band.vacant_floor_area_m2 ?? null,
      unknown: 0,
      isVacant: true,
    });
  }
  return groups;
}

/** Shop units and their floor area by branch group: two bars each, on their own scales. */
export function branchChart(band: CatchmentBand): TemplateResult {
  const groups = groupsOf(band);
  if (groups.length === 0)
    return html`<p class="small muted">${t(band.shop_units === null ? "unknown" : "catchment.no_units")}</p>`;
  const most = Math.max(...groups.map(({ units }) => units));
  const largest = Math.max(1, ...groups.map(({ area }) => area ?? 0));
  const label = t("catchment.branches_alt", {
    values: groups.map(({ name, units }) => `${name}: ${number(units)}`).join("; "),
  });
  return html`<svg class="chart" viewBox="0 0 ${WIDTH} ${groups.length * 30 + 18}" role="img" aria-label=${label}>
    <rect x="152" y="1" width="9" height="9" fill=${UNITS} /><text class="pale" x="165" y="10">${t("catchment.legend_units")}</text>
    <rect x="222" y="1" width="9" height="9" fill=${AREA} /><text class="pale" x="235" y="10">${t("catchment.legend_area")}</text>
    ${groups.map(({ name, units, area, isVacant }, i) => {
      const y = i * 30 + 20;
      return svg`<text x="0" y=${y + 13} style=${isVacant ? `fill:${VACANT};font-weight:650` : ""}>${name}</text>
        <rect x="152" y=${y + 1} width=${(units / most) * 80} height="9" fill=${isVacant ? VACANT : UNITS} />
        <rect x="152" y=${y + 11} width=${((area ?? 0) / largest) * 80} height="6" fill=${isVacant ? "#e3a98c" : AREA} />
        <text x="266" y=${y + 13} text-anchor="end">${number(units)}</text>
        <text class="pale" x=${WIDTH} y=${y + 13} text-anchor="end">${area === null ? "m² ?" : squareMetres(area)}</text>`;
    })}
  </svg>`;
}

/** Everything the charts draw, to read: a column per band. */
export function holdingsTable(bands: readonly CatchmentBand[], unit: BandUnit): TemplateResult {
  const codes = [...new Set(bands.flatMap((band) => Object.keys(band.branches ?? {})))];
  const kinds = [...new Set(bands.flatMap((band) => Object.keys(band.places ?? {})))];
  const row = (name: string, value: (band: CatchmentBand) => string) => html`<tr>
    <th scope="row">${name}</th>
    ${bands.map((band) => html`<td>${value(band)}</td>`)}
  </tr>`;
  return html`<div class="wide" tabindex="0" role="region" aria-label=${t("catchment.table")}>
    <table class="num">
      <thead>
        <tr>
          <th scope="col">${t("catchment.within")}</th>
          ${bands.map((band) => html`<th scope="col">${bandName(band, unit)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${MEASURES.map((measure) => row(t(`catchment.${measure}`), (band) => measureText(band, measure)))}
        ${codes.map((code) =>
          row(tCode("branch_group", code), (band) => {
            const group = band.branches?.[code];
            return group
              ? t("catchment.units_area", {
                  units: number(group.units),
                  area: squareMetres(group.floor_area_m2),
                })
              : "0";
          }),
        )}
        ${kinds.map((kind) => row(tCode("public_place_kind", kind), (band) => number(band.places?.[kind] ?? 0)))}
      </tbody>
    </table>
  </div>`;
}

export const MEASURES = [
  "population",
  "households",
  "income_median_eur",
  "shop_units",
  "vacant_units",
  "floor_area_m2",
  "parking_spaces",
  "public_places",
  "sensors",
  "area_m2",
] as const;
export type Measure = (typeof MEASURES)[number];

export function measureText(band: CatchmentBand, measure: Measure): string {
  const value = band[measure];
  if (typeof value !== "number") return t("unknown");
  if (measure === "area_m2") return t("hectares", { value: number(value / 10_000) });
  return number(value);
}

/** A bar in a cell of a table. */
export function cellBar(value: number | null, top: number, colour: string): TemplateResult | typeof nothing {
  if (value === null || top <= 0) return nothing;
  return html`<svg class="cell" viewBox="0 0 60 6" preserveAspectRatio="none" aria-hidden="true">
    <rect width="60" height="6" fill="#eef1f3" />
    <rect width=${(value / top) * 60} height="6" fill=${colour} />
  </svg>`;
}
