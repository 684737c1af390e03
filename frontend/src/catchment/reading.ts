import type { BandFeature, BandUnit, Catchment, CatchmentBand } from "../api/types.ts";

/** Features from near to far. */
export function nearToFar(features: readonly BandFeature[]): BandFeature[] {
  return [...features].sort((a, b) => a.properties.band - b.properties.band);
}

export function bandsOf(features: readonly BandFeature[]): CatchmentBand[] {
  return nearToFar(features).map((feature) => feature.properties);
}

/** The band that is read: the one that was chosen, else the largest. */
export function readBand(features: readonly BandFeature[], wanted: number | null): BandFeature | null {
  const sorted = nearToFar(features);
  return sorted.find((feature) => feature.properties.band === wanted) ?? sorted.at(-1) ?? null;
}

/** A growing catchment is known by what was asked, every other by where it ends. */
export function unitOf(answer: Catchment): BandUnit {
  return answer.catchment.unit ?? "minutes";
}

export interface Change {
  before: number;
  after: number;
  difference: number;
}

/** What a scenario changes in one measure of one band; nothing when either side is not known. */
export function changeOf(
  answer: Catchment,
  band: number,
  measure: (band: CatchmentBand) => number | null,
): Change | null {
  const at = (features: readonly BandFeature[]) =>
    features.find((feature) => feature.properties.band === band)?.properties;
  const after = at(answer.features);
  const before = answer.baseline ? at(answer.baseline.features) : undefined;
  if (!after || !before) return null;
  const [was, is] = [measure(before), measure(after)];
  return was === null || is === null ? null : { before: was, after: is, difference: is - was };
}

/** The share of the residents on the wrong side of the drawn line, in or out. */
export function wrongShare({ wrong_in_share, wrong_out_share }: CatchmentBand): number | null {
  if (wrong_in_share === null && wrong_out_share === null) return null;
  return (wrong_in_share ?? 0) + (wrong_out_share ?? 0);
}
