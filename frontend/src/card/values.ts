import { html, type TemplateResult } from "lit";
import type { Choices, FactKind, Facts, FactValue } from "../api/card.ts";
import { number } from "../text/format.ts";
import { labelOf, t } from "../text/index.ts";

/** The label of a code in one of the lists that came with a card. */
export function choiceLabel(choices: Choices, scheme: string, code: string): string {
  const found = choices[scheme]?.find((one) => one.code === code);
  return found ? labelOf(found) : code.replaceAll("_", " ");
}

const SUFFIX: Record<string, string> = { m2: "m²", m: "m" };

/** A fact as a person reads it; one that nobody knows says so. */
export function factText({ kind, unit, scheme }: FactKind, value: FactValue, choices: Choices): string {
  if (value === null || value === undefined) return t("unknown");
  if (kind === "flag") return value ? t("yes") : t("no");
  if (kind === "code") return choiceLabel(choices, scheme ?? "", String(value));
  if (kind === "text" || typeof value !== "number") return String(value);
  const written = number(value, Number.isInteger(value) ? 0 : 1);
  if (unit === "eur") return `€ ${written}`;
  if (unit === "eur_per_month") return t("card.eur_per_month", { value: written });
  if (unit === "months") return t("card.months", { value: written });
  return unit ? `${written} ${SUFFIX[unit] ?? unit}` : written;
}

const UNIT_WORD: Record<string, string> = { m2: " (m²)", m: " (m)", eur: " (€)", eur_per_month: " (€)" };
const LONG = new Set(["delivery", "grants"]);

/** A field with which a fact is filled in; empty is not known. */
export function factField(
  fact: FactKind & { value: FactValue },
  label: string,
  choices: Choices,
): TemplateResult {
  const { name, kind, value, unit, scheme } = fact;
  const words = `${label}${UNIT_WORD[unit ?? ""] ?? ""}`;
  if (kind === "flag" || kind === "code") {
    const options: [string, string][] =
      kind === "flag"
        ? [
            ["true", t("yes")],
            ["false", t("no")],
          ]
        : (choices[scheme ?? ""] ?? []).map((one) => [one.code, labelOf(one)]);
    return html`<label>${words}
      <select class="field" name=${name}>
        <option value="">${t("unknown")}</option>
        ${options.map(([code, text]) => html`<option value=${code} ?selected=${String(value) === code}>${text}</option>`)}
      </select></label>`;
  }
  if (LONG.has(name)) {
    return html`<label class="wide">${words}
      <textarea class="field" name=${name} rows="2" maxlength="1000" .value=${String(value ?? "")}></textarea></label>`;
  }
  return html`<label>${words}
    <input class="field" name=${name} type=${kind === "text" ? "text" : "number"} min="0" step=${kind === "whole" ? "1" : "any"}
      maxlength="200" .value=${String(value ?? "")} /></label>`;
}

/** What became another value in a form of facts. */
export function changedFacts(
  form: HTMLFormElement,
  facts: readonly (FactKind & { value: FactValue })[],
): Facts {
  const given = new FormData(form);
  const changed: Facts = {};
  for (const { name, kind, value } of facts) {
    if (!given.has(name)) continue;
    const text = String(given.get(name) ?? "").trim();
    let next: FactValue = text || null;
    if (text && (kind === "number" || kind === "whole")) next = Number(text);
    if (text && kind === "flag") next = text === "true";
    if (next !== value) changed[name] = next;
  }
  return changed;
}
