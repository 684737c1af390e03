import { duration } from "../text/format.ts";
import { t } from "../text/index.ts";

function monthsUntil(from: string, now: Date): number {
  const start = new Date(from);
  const months =
    (now.getUTCFullYear() - start.getUTCFullYear()) * 12 + now.getUTCMonth() - start.getUTCMonth();
  return Math.max(0, months - (now.getUTCDate() < start.getUTCDate() ? 1 : 0));
}

function words(months: number): string {
  return months < 24 ? duration(months, "month") : duration(months / 12, "year");
}

/** How long something has lasted when its start lies between two days. */
export function durationText(earliest: string | null, latest: string | null, now: Date): string {
  const longest = earliest ? words(monthsUntil(earliest, now)) : null;
  const shortest = latest ? words(monthsUntil(latest, now)) : null;
  if (longest && shortest && longest !== shortest) return t("duration.range", { shortest, longest });
  return longest ?? shortest ?? t("unknown");
}
