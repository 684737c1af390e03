import type { Chance, DurationGroup } from "../api/types.ts";
import { duration, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";

const DAYS_PER_MONTH = 365.25 / 12;

/** "14 maanden" up to two years, "2,6 jaar" beyond. */
export function monthsText(months: number): string {
  return months < 24 ? duration(Math.round(months), "month") : duration(months / 12, "year");
}

export function daysText(days: number): string {
  return monthsText(days / DAYS_PER_MONTH);
}

/** What is said first of a group: after how long half of it is let, or that this is not known. */
export function medianText(group: DurationGroup, fewest: number): string {
  if (group.reason) {
    return t("lasting.reason", {
      why: tCode("lasting_reason", group.reason).replace("{fewest}", String(fewest)),
    });
  }
  if (group.median_days === null)
    return t("lasting.not_reached", { watched: monthsText(group.watched_months ?? 0) });
  return t("lasting.median", { middle: daysText(group.median_days) });
}

/** Between what and what the median lies; nothing where it is not measured. */
export function rangeText({ median_lower_days: low, median_upper_days: high }: DurationGroup): string {
  if (low === null) return "";
  if (high === null) return t("lasting.range_open", { low: daysText(low) });
  return t("lasting.range", { low: daysText(low), high: daysText(high) });
}

export function chanceParts({ chance, chance_lower, chance_upper }: Chance) {
  return {
    chance: percent(chance, 0),
    low: percent(chance_lower, 0),
    high: percent(chance_upper, 0),
  };
}
