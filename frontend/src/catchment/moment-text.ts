import { language } from "../text/index.ts";

/** Day and time: two runs of one day must be told apart. */
export function momentText(instant: string): string {
  const locale = { nl: "nl-BE", fr: "fr-BE", en: "en-GB" }[language()];
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(instant),
  );
}
