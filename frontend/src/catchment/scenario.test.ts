import { describe, expect, it } from "vitest";
import type { BandFeature, Catchment, CatchmentBand, StreetSegment } from "../api/types.ts";
import { NO_QUESTION, type Question } from "./question.ts";
import { changeOf, readBand, wrongShare } from "./reading.ts";
import { byStreet, scenarioSentence } from "./scenario-words.ts";

const feature = (band: number, population: number | null): BandFeature => ({
  type: "Feature",
  geometry: { type: "MultiPolygon", coordinates: [] },
  properties: { band, population, minutes: band } as CatchmentBand,
});

const answer = (before: number | null, after: number | null): Catchment => ({
  type: "FeatureCollection",
  features: [feature(15, after), feature(5, 10)],
  catchment: { mode: "car", direction: "towards", unit: "minutes" } as Catchment["catchment"],
  baseline: { features: [feature(15, before), feature(5, 10)] },
});

const street = (id: number, name: string | null): [number, StreetSegment] => [
  id,
  { id, properties: { name } } as StreetSegment,
];
const streets = new Map([street(1, "Grote Markt"), street(2, "Grote Markt"), street(3, "Kerkstraat")]);
const closing: Question = { ...NO_QUESTION, closed: [1, 2, 3] };
const say = (catchment: Catchment, band = 15, question = closing) =>
  scenarioSentence(catchment, band, question, streets);

describe("what a scenario changes", () => {
  it("is said in one sentence", () => {
    expect(say(answer(5000, 3760))).toBe(
      "Zonder doorgang via Grote Markt en Kerkstraat bereiken 1.240 inwoners minder deze plek binnen 15 min met de auto.",
    );
    expect(say(answer(5000, 5200), 15, { ...NO_QUESTION, opened: [3] })).toContain(
      "Met doorgang via Kerkstraat bereiken 200 inwoners meer",
    );
  });

  it("is not there when nothing changed, and unknown when nobody is counted", () => {
    expect(say(answer(5000, 5000.2))).toContain("verandert er niets");
    expect(say(answer(null, 3000))).toContain("niet bekend");
  });

  it("belongs to the band that is read", () => {
    expect(changeOf(answer(5000, 3760), 15, (band) => band.population)?.difference).toBe(-1240);
    expect(changeOf(answer(5000, 3760), 5, (band) => band.population)?.difference).toBe(0);
    expect(changeOf(answer(5000, 3760), 99, (band) => band.population)).toBeNull();
  });
});

it("puts the closed pieces of a street under its one name", () => {
  expect(byStreet([1, 3, 2], streets)).toEqual([
    { name: "Grote Markt", ids: [1, 2] },
    { name: "Kerkstraat", ids: [3] },
  ]);
});

it("reads the largest band unless another is chosen", () => {
  const { features } = answer(1, 1);
  expect(readBand(features, null)?.properties.band).toBe(15);
  expect(readBand(features, 5)?.properties.band).toBe(5);
  expect(readBand(features, 99)?.properties.band).toBe(15);
  expect(readBand([], null)).toBeNull();
});

it("adds what is wrongly in to what is wrongly out, and knows when neither is known", () => {
  const band = (wrong_in_share: number | null, wrong_out_share: number | null) =>
    wrongShare({ wrong_in_share, wrong_out_share } as CatchmentBand);
  expect(band(0.02, 0.01)).toBeCloseTo(0.03);
  expect(band(null, null)).toBeNull();
});
