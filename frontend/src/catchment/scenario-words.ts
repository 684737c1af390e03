import type { Catchment, StreetSegment } from "../api/types.ts";
import { number } from "../text/format.ts";
import { language, t } from "../text/index.ts";
import { bandText } from "./bands.ts";
import type { Question } from "./question.ts";
import { changeOf, unitOf } from "./reading.ts";

/** Names as a sentence has them: "A, B en C". */
function listed(names: readonly string[]): string {
  return new Intl.ListFormat(language(), { type: "conjunction" }).format(names);
}

export function streetName(id: number, streets: ReadonlyMap<number, StreetSegment>): string {
  const street = streets.get(id);
  return street?.properties.name ?? t("scenario.some_street", { id });
}

export interface Closing {
  name: string;
  ids: number[];
}

/** Closed or opened pieces under the name of their street, in the order in which they were chosen. */
export function byStreet(ids: readonly number[], streets: ReadonlyMap<number, StreetSegment>): Closing[] {
  const found = new Map<string, number[]>();
  for (const id of ids) {
    const name = streetName(id, streets);
    found.set(name, [...(found.get(name) ?? []), id]);
  }
  return [...found].map(([name, own]) => ({ name, ids: own }));
}

function measures(question: Question, streets: ReadonlyMap<number, StreetSegment>): string {
  const named = (ids: readonly number[]) => listed(byStreet(ids, streets).map(({ name }) => name));
  const parts = [
    question.closed.length ? t("scenario.without", { names: named(question.closed) }) : null,
    question.opened.length ? t("scenario.with", { names: named(question.opened) }) : null,
    question.barriers.length ? t("scenario.with_barrier") : null,
  ].filter((part) => part !== null);
  const text = listed(parts);
  return text.charAt(0).toLocaleUpperCase(language()) + text.slice(1);
}

/** What a scenario does to one band, as an officer would say it. */
export function scenarioSentence(
  answer: Catchment,
  band: number,
  question: Question,
  streets: ReadonlyMap<number, StreetSegment>,
): string {
  const unit = unitOf(answer);
  const intro = measures(question, streets);
  const values = { intro, within: bandText(band, unit), how: t(`catchment.by_${answer.catchment.mode}`) };
  if (unit === "inhabitants") {
    const change = changeOf(answer, band, (one) => one.minutes);
    if (!change) return t("scenario.unknown", { intro });
    const count = number(band);
    const minutes = number(Math.abs(change.difference), 1);
    if (Math.abs(change.difference) < 0.05) return t("scenario.grown_same", { ...values, count });
    return t(change.difference > 0 ? "scenario.grown_longer" : "scenario.grown_shorter", {
      ...values,
      count,
      minutes,
    });
  }
  const change = changeOf(answer, band, (one) => one.population);
  if (!change) return t("scenario.unknown", { intro });
  const count = Math.round(Math.abs(change.difference));
  if (count === 0) return t("scenario.same", values);
  const { direction } = answer.catchment;
  const more = change.difference > 0 ? "more" : "less";
  return t(`scenario.${more}_${direction ?? "towards"}`, { ...values, count: number(count) });
}
