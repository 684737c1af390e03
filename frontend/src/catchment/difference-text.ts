import { number } from "../text/format.ts";

/** A difference with its sign: a real minus, and nothing before a zero. */
export function differenceText(value: number): string {
  const whole = Math.round(value);
  if (whole === 0) return "0";
  return `${whole > 0 ? "+" : "−"}${number(Math.abs(whole))}`;
}
