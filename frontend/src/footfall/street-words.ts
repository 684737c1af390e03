import type { FootfallClass, PassageClass, StreetFootfall, StreetsFootfall } from "../api/types.ts";
import { number, percent, roughly } from "../text/format.ts";
import { type TextKey, t } from "../text/index.ts";

export type StreetFeature = StreetsFootfall["features"][number];

/** A street by its name: its busiest part, and all parts. */
export interface NamedStreet {
  name: string;
  busiest: StreetFootfall;
  parts: StreetFeature[];
  shopUnits: number;
}

/**
 * Streets that have a name and shops, the busiest first; a street whose footfall is not known comes last. Where some
 * streets have no number all stand by their kind, and by their number within it.
 */
export function rankStreets(features: readonly StreetFeature[]): NamedStreet[] {
  const hasClasses = features.some(({ properties }) => properties.class_reason);
  const named = new Map<string, StreetFeature[]>();
  for (const feature of features) {
    const { name } = feature.properties;
    if (name) named.set(name, [...(named.get(name) ?? []), feature]);
  }
  return [...named]
    .map(([name, parts]) => {
      const shops = parts.filter(({ properties }) => properties.shop_units > 0);
      const among = shops.length ? shops : parts;
      const busiest = among.reduce((best, part) => (perDay(part) > perDay(best) ? part : best));
      const shopUnits = parts.reduce((sum, { properties }) => sum + properties.shop_units, 0);
      return { name, busiest: busiest.properties, parts, shopUnits };
    })
    .filter(({ shopUnits }) => shopUnits > 0)
    .sort(
      (a, b) =>
        (hasClasses ? kindOf(b.busiest) - kindOf(a.busiest) : 0) ||
        (b.busiest.footfall_per_day ?? -1) - (a.busiest.footfall_per_day ?? -1) ||
        a.name.localeCompare(b.name),
    );
}

const KINDS: readonly FootfallClass[] = ["side", "secondary", "main"];

function kindOf({ footfall_class: kind }: StreetFootfall): number {
  return kind ? KINDS.indexOf(kind) : -1;
}

/** By the number where there is one; a street of which only the kind is known lies below all that have one. */
function perDay({ properties }: StreetFeature): number {
  return properties.footfall_per_day ?? (kindOf(properties) - KINDS.length) / 10;
}

/** The box around parts of a street, in degrees. */
export function boundsOf(parts: readonly StreetFeature[]): [number, number, number, number] | undefined {
  const points = parts.flatMap(({ geometry }) => geometry?.coordinates ?? []);
  if (!points.length) return undefined;
  const [lon, lat] = [points.map(([x]) => x!), points.map(([, y]) => y!)];
  return [Math.min(...lon), Math.min(...lat), Math.max(...lon), Math.max(...lat)];
}

const PLAIN: Record<PassageClass, TextKey> = {
  A1: "street_footfall.main",
  A2: "street_footfall.main",
  B1: "street_footfall.secondary",
  B2: "street_footfall.secondary",
  C: "street_footfall.side",
};

/** The kind of street in plain words. */
export const KIND: Record<FootfallClass, TextKey> = {
  main: "street_footfall.main",
  secondary: "street_footfall.secondary",
  side: "street_footfall.side",
};

/** How busy a street is: a number where one may be given, else the class in plain words. */
export function busyText(street: StreetFootfall): string {
  const { footfall_per_day: value, passage_class: code, is_class_only: isRough } = street;
  if (street.class_reason)
    return street.footfall_class ? t(KIND[street.footfall_class]) : t("street_footfall.no_number");
  if (value === null)
    return t(street.reason === "no_sensor" ? "street_footfall.no_sensor" : "street_footfall.out_of_reach");
  if (!isRough) return t("street_footfall.per_day", { value: roughly(value) });
  return code ? `${t(PLAIN[code])} (${code})` : t("street_footfall.rough", { value: roughly(value) });
}

/** The interval in words. */
export function rangeText({ lower_per_day: lower, upper_per_day: upper }: StreetFootfall): string | null {
  if (lower === null || upper === null) return null;
  return t("street_footfall.range", { lower: roughly(lower), upper: roughly(upper) });
}

function orderText(spearman: number): string {
  const key: TextKey =
    spearman >= 0.7
      ? "street_footfall.order_good"
      : spearman >= 0.4
        ? "street_footfall.order_fair"
        : "street_footfall.order_poor";
  return t(key, { pairs: percent(pairsInOrder(spearman), 0) });
}

/** What leaving each counted place out says of the whole, in words an officer may repeat. */
export function accuracyText({ accuracy, counts }: StreetsFootfall): string {
  const n = counts.sensor + counts.manual;
  if (!accuracy) return t("street_footfall.not_judged", { n: number(n) });
  const { spearman, rmse_log: error, coverage_share: inside, n_places: places } = accuracy;
  return t("street_footfall.accuracy", {
    n: number(places),
    order: orderText(spearman),
    factor: number(Math.exp(1.2816 * error), 1),
    inside: percent(inside, 0),
  });
}

/** Why a core has classes only, and what would give it numbers; one sentence a core. */
export function classOnlyTexts({ numbers }: Pick<StreetsFootfall, "numbers">): string[] {
  const inCores = numbers.filter(({ core }) => core !== null);
  return (inCores.length ? inCores : numbers).map((row) => {
    const core = row.core ?? t("street_footfall.elsewhere");
    const n = number(row.n_places);
    if (row.reason === "few_counts" || row.spearman === null || row.median_error_share === null)
      return t("street_footfall.few_counts", { core, n, missing: number(row.n_missing) });
    return t("street_footfall.check_failed", {
      core,
      n,
      order: orderText(row.spearman),
      error: percent(row.median_error_share, 0),
    });
  });
}

/** Roughly what share of all pairs of streets stands in the right order, of a rank correlation. */
export function pairsInOrder(spearman: number): number {
  // Of a normal pair: rho = 6/pi asin(r/2), and the concordant share is 1/2 + asin(r)/pi.
  const r = 2 * Math.sin((Math.PI * Math.max(-1, Math.min(1, spearman))) / 6);
  return 0.5 + Math.asin(Math.max(-1, Math.min(1, r))) / Math.PI;
}

/** Under this nothing is said of a driver: it changes the number by less than a tenth. */
const WORTH_TELLING = 0.1;

/** What pushes a number up or down, the strongest first. */
export function tellingFactors<C>(
  drivers: readonly { code: C; factor: number }[],
): { code: C; factor: number }[] {
  return drivers
    .filter(({ factor }) => Math.abs(Math.log(factor)) >= WORTH_TELLING)
    .sort((a, b) => Math.abs(Math.log(b.factor)) - Math.abs(Math.log(a.factor)));
}
