import { language, tCode } from "./index.ts";

const LOCALE = { nl: "nl-BE", fr: "fr-BE", en: "en-GB" } as const;
const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language()}${JSON.stringify(options)}`;
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(LOCALE[language()], options);
    formats.set(key, format);
  }
  return format;
}

export function number(value: number, digits = 0): string {
  return numberFormat({ maximumFractionDigits: digits, minimumFractionDigits: digits }).format(value);
}

/** An estimate in two significant figures: more would promise what it does not know. */
export function roughly(value: number): string {
  return numberFormat({ maximumSignificantDigits: 2 }).format(value);
}

export function percent(share: number, digits = 1): string {
  return numberFormat({
    style: "percent",
    maximumFractionDigits: digits,
    minimumFractionDigits: digits,
  }).format(share);
}

export function euro(value: number): string {
  return numberFormat({ style: "currency", currency: "EUR", maximumFractionDigits: 0 }).format(value);
}

export function squareMetres(value: number): string {
  return `${number(value)}\u00a0m²`;
}

/** "1 maand", "8 maanden", "3,2 jaar": the language itself knows the plural. */
export function duration(value: number, unit: "month" | "year"): string {
  const digits = unit === "year" ? 1 : 0;
  return numberFormat({ style: "unit", unit, unitDisplay: "long", maximumFractionDigits: digits }).format(
    value,
  );
}

/** "840 kB", "2,3 MB". */
export function fileSize(bytes: number): string {
  return bytes < 1e6
    ? `${number(Math.ceil(bytes / 1e3))}\u00a0kB`
    : `${number(bytes / 1e6, bytes % 1e6 ? 1 : 0)}\u00a0MB`;
}

export function metres(value: number): string {
  return value < 1000 ? `${number(value)}\u00a0m` : `${number(value / 1000, 1)}\u00a0km`;
}

function dateText(value: string, options: Intl.DateTimeFormatOptions): string {
  // Some sources know only the year.
  if (/^\d{4}$/.test(value)) return value;
  // A date without a clock is the same day everywhere: read it as UTC, or west of Greenwich it is the day before.
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(value);
  const instant = new Date(isDay ? `${value}T00:00:00Z` : value);
  if (Number.isNaN(instant.getTime())) return value;
  return new Intl.DateTimeFormat(LOCALE[language()], {
    ...options,
    ...(isDay && { timeZone: "UTC" }),
  }).format(instant);
}

export function date(value: string): string {
  return dateText(value, { day: "numeric", month: "long", year: "numeric" });
}

export function shortDate(value: string): string {
  return dateText(value, { day: "2-digit", month: "2-digit", year: "numeric" });
}

export function month(value: string): string {
  return dateText(value, { month: "long", year: "numeric" });
}

export function shortMonth(value: string): string {
  return dateText(value.slice(0, 10), { month: "short", year: "2-digit" });
}

/** Name of a weekday, 0 = Monday. */
export function weekday(index: number, width: "short" | "long" = "short"): string {
  return dateText(`2024-01-0${index + 1}`, { weekday: width });
}

const UNIT_SIGNS: Record<string, string> = { m2: "m²", m: "m", min: "min" };

/** A value with the unit the API names; a share (0-1) is written as a percentage. */
export function quantity(value: number, unit: string | null): string {
  if (unit === "share") return percent(value);
  // Steps that have a name.
  if (unit === "yes_no") return tCode("yes_no", String(value));
  if (unit === "passage_class") return tCode("passage_class", String(value));
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : 1;
  const sign = unit ? (UNIT_SIGNS[unit] ?? tCode("unit_sign", unit)) : "";
  return sign ? `${number(value, digits)}\u00a0${sign}` : number(value, digits);
}

/** Comparison of addresses as people sort them: 9 before 10, É beside E. */
export function collator(): Intl.Collator {
  return new Intl.Collator(LOCALE[language()], { numeric: true, sensitivity: "base" });
}
