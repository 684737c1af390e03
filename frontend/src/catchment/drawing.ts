import type { BandFeature, Catchment, CatchmentDifference } from "../api/types.ts";
import { t } from "../text/index.ts";
import { bandColour, bandText, LETTERS, PLACE_COLOURS } from "./bands.ts";
import { nearToFar, readBand, unitOf } from "./reading.ts";

/** One shape on the map. */
export interface Outline {
  geometry: BandFeature["geometry"];
  colour: string;
  weight: number;
  dash: string;
  fillOpacity: number;
  label: { text: string; colour: string; side: Side } | null;
}

/** On which end of a shape its name stands; names of several shapes stand on several. */
export type Side = "north" | "east" | "south" | "west";
const SIDES: readonly Side[] = ["north", "east", "south", "west"];

const DASHES = ["", "7 4", "2 4"];
const NAME = "#3a2a78";
const BEFORE = "#17242b";
const ONLY_A = "#a8246f";
const ONLY_B = "#00707a";

/** The bands of one place, largest first, and how far the read one came before a scenario. */
export function bandsDrawing(answer: Catchment, band: number | null): Outline[] {
  const bands = nearToFar(answer.features);
  const outlines = bands.map(
    ({ geometry, properties }, i): Outline => ({
      geometry,
      colour: bandColour(i, bands.length),
      weight: 2,
      dash: DASHES[i % DASHES.length]!,
      fillOpacity: 0.13,
      label: { text: bandText(properties.band, unitOf(answer)), colour: NAME, side: "north" },
    }),
  );
  outlines.reverse();
  const read = readBand(answer.features, band);
  const before = answer.baseline?.features.find(
    (feature) => feature.properties.band === read?.properties.band,
  );
  if (!before) return outlines;
  return [
    {
      geometry: before.geometry,
      colour: BEFORE,
      weight: 2.5,
      dash: "6 6",
      fillOpacity: 0.04,
      label: { text: t("catchment.before_label"), colour: BEFORE, side: "south" },
    },
    ...outlines,
  ];
}

/** One band of several places, each in its own colour. */
export function comparisonDrawing(answers: readonly (Catchment | null)[], band: number | null): Outline[] {
  return answers.flatMap((answer, i): Outline[] => {
    const read = answer && readBand(answer.features, band);
    if (!read) return [];
    return [
      {
        geometry: read.geometry,
        colour: PLACE_COLOURS[i]!,
        weight: 2.5,
        dash: DASHES[i % DASHES.length]!,
        fillOpacity: 0.1,
        label: {
          text: `${LETTERS[i]} · ${bandText(read.properties.band, unitOf(answer))}`,
          colour: PLACE_COLOURS[i]!,
          side: SIDES[i]!,
        },
      },
    ];
  });
}

export const DIFFERENCE_COLOURS = { only_a: ONLY_A, only_b: ONLY_B, both: "#5d6b74" } as const;

/** What only the one, only the other, and both of two stored catchments reach. */
export function differenceDrawing(difference: CatchmentDifference): Outline[] {
  return difference.features.map(({ geometry, properties }) => ({
    geometry,
    colour: DIFFERENCE_COLOURS[properties.kind],
    weight: properties.kind === "both" ? 1 : 2,
    dash: properties.kind === "only_b" ? "7 4" : "",
    fillOpacity: properties.kind === "both" ? 0.1 : 0.32,
    label: null,
  }));
}
