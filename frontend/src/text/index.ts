import { en } from "./en.ts";
import { fr } from "./fr.ts";
import { nl } from "./nl.ts";

export const LANGUAGES = ["nl", "fr", "en"] as const;
export type Language = (typeof LANGUAGES)[number];
export type TextKey = keyof typeof nl;
export type Texts = Record<TextKey, string>;

const TEXTS: Record<Language, Texts> = { nl, fr, en };
const listeners = new Set<() => void>();
let current: Language = "nl";

export function language(): Language {
  return current;
}

export function isLanguage(value: unknown): value is Language {
  return LANGUAGES.includes(value as Language);
}

/** The language a browser asks for, Dutch when it asks for none of ours. */
export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const short = tag.slice(0, 2).toLowerCase();
    if (isLanguage(short)) return short;
  }
  return "nl";
}

export function setLanguage(next: Language): void {
  if (next === current) return;
  current = next;
  for (const listener of listeners) listener();
}

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** A text in the current language, with `{name}` places filled. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return TEXTS[current][key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** A text that may not exist, such as that of a code a newer server gives. */
export function tMaybe(key: string, values: Record<string, string | number> = {}): string | null {
  return key in nl ? t(key as TextKey, values) : null;
}

const codes = new Map<string, Record<string, unknown>>();

/** Learn the labels of a code list of the server, and have everything drawn again with them. */
export function registerCodes(scheme: string, items: readonly { code: string }[]): void {
  for (const item of items) codes.set(`${scheme}.${item.code}`, { ...item });
  for (const listener of listeners) listener();
}

/** The text of a code such as `state.vacant`; a code we have no words for shows itself. */
export function tCode(prefix: string, code: string | null | undefined): string {
  if (!code) return t("unknown");
  const key = `${prefix}.${code}`;
  if (key in nl) return t(key as TextKey);
  const listed = codes.get(key);
  return listed ? labelOf(listed) : code.replaceAll("_", " ");
}

/** The label in the current language of anything that carries `<name>_nl`, `<name>_fr`, `<name>_en`. */
export function labelOf(item: object, name = "label"): string {
  const record = item as Record<string, unknown>;
  const own = record[`${name}_${current}`] ?? record[`${name}_nl`];
  return typeof own === "string" ? own : "";
}
