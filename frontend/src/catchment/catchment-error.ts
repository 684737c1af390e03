import { html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { ApiError } from "../api/client.ts";
import { number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { KkElement } from "../ui/element.ts";
import type { ErrorWords } from "../ui/state-message.ts";

/** What the server refuses, by the words it refuses it with: it answers in one language, people read three. */
const REFUSALS = [
  [/no street (?:open to \w+ )?within ([\d.]+) m/i, "off_network"],
  [/no streets yet/i, "no_streets"],
  [/no street is open to/i, "empty_network"],
  [/no such street segment/i, "unknown_segment"],
  [/^(\d+) inhabitants are not within reach/i, "too_many"],
  [/share no band/i, "no_shared_band"],
] as const;

export function refusalWords(error: unknown): ErrorWords | null {
  if (!(error instanceof ApiError)) return null;
  const text = error.detail ?? error.title;
  for (const [pattern, code] of REFUSALS) {
    const found = pattern.exec(text);
    if (!found) continue;
    const values = { amount: number(Number(found[1] ?? 0)) };
    return {
      title: t(`catchment_error.${code}`, values),
      detail: t(`catchment_way_out.${code}`),
      wayOut: null,
    };
  }
  if (error.status !== 404) return null;
  return { title: t("error.not_found"), detail: t("catchment_error.gone"), wayOut: null };
}

/** Why there is no catchment, in the reader's language where we know the reason. */
@customElement("kk-catchment-error")
export class KkCatchmentError extends KkElement {
  @property({ attribute: false }) error: unknown = null;
  @property({ type: Boolean }) plain = false;

  protected override render() {
    return html`<kk-error .error=${this.error} .words=${refusalWords(this.error)} .plain=${this.plain}></kk-error>`;
  }
}
