import { css, html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { repeat } from "lit/directives/repeat.js";
import { ApiError, api, apiUrl } from "../api/client.ts";
import type { RegisterName, RegisterToSettle, RegisterUnmatched } from "../api/types.ts";
import { number, percent } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { problemWords } from "../ui/problem-words.ts";
import { REGISTERS_CHANGED } from "./register-layer.ts";
import { layerOf, registerSymbol } from "./register-symbol.ts";

/** The records of one register that lie on no single parcel of today, and a way to say on which they do. */
@customElement("kk-register-settle")
export class KkRegisterSettle extends KkElement {
  @property({ attribute: false }) unmatched: RegisterUnmatched | null = null;
  @property() municipality = "";
  @state() private said = "";
  @state() private undoable: RegisterToSettle | null = null;
  @state() private problem: { id: number; text: string } | null = null;
  @state() private busy = false;

  static override styles = [
    controls,
    css`
      h3 {
        display: flex;
        align-items: center;
        gap: 7px;
        font-size: 14.5px;
      }
      li {
        display: grid;
        gap: 5px;
        padding: 9px 0;
        border-top: 1px solid var(--line);
        font-size: 14.5px;
      }
      form {
        display: flex;
        flex-wrap: wrap;
        gap: 6px;
        align-items: end;
      }
      form label {
        flex: 1 1 160px;
        font-size: 13px;
      }
      .candidates {
        display: grid;
        gap: 5px;
        justify-items: start;
      }
      .candidates .button {
        text-align: start;
        justify-content: start;
      }
      .row {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: space-between;
        gap: 4px 8px;
      }
      .said {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 8px;
        min-height: 0;
        font-size: 14px;
      }
      .said:not(:empty) {
        margin: 6px 0;
      }
      .wrong {
        color: var(--bad-ink);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.said = "";
    this.undoable = null;
    this.problem = null;
  }

  get #register(): RegisterName {
    return this.unmatched!.register;
  }

  async #do(
    record: RegisterToSettle,
    ask: () => Promise<unknown>,
    said: string,
    undoable: boolean,
  ): Promise<void> {
    this.busy = true;
    this.problem = null;
    try {
      await ask();
      this.said = said;
      this.undoable = undoable ? record : null;
      this.emit(REGISTERS_CHANGED);
    } catch (error) {
      const { detail, wayOut } =
        error instanceof ApiError ? problemWords(error) : { detail: t("error.offline_detail"), wayOut: null };
      this.problem = { id: record.id, text: [detail, wayOut].filter(Boolean).join(" ") };
    } finally {
      this.busy = false;
    }
  }

  #assign(record: RegisterToSettle, key: string): void {
    if (!key.trim()) return;
    void this.#do(
      record,
      () => api.settleRecord(this.#register, record.id, key.trim()),
      t("registers.assigned", { number: record.dossier_number, key: key.trim() }),
      true,
    );
  }

  #takeBack(record: RegisterToSettle): void {
    void this.#do(
      record,
      () => api.takeRecordBack(this.#register, record.id),
      t("registers.undone", { number: record.dossier_number }),
      false,
    );
  }

  #item(record: RegisterToSettle) {
    const problem = this.problem;
    const failed = problem?.id === record.id;
    return html`<li>
      <div class="row">
        <strong>${record.address || t("unknown")}</strong>
        <span class="small muted">${t("registers.dossier", { number: record.dossier_number })}</span>
      </div>
      <p class="small">
        ${tCode("match_doubt", record.match_doubt)}${record.capakey ? html`; ${t("registers.key_in_file", { key: record.capakey })}` : nothing}.
      </p>
      ${
        record.candidates.length
          ? html`<div class="candidates">
            ${record.candidates.map(
              (one) => html`<button
                class="button"
                ?disabled=${this.busy}
                @click=${() => this.#assign(record, one.capakey)}
              >
                <span
                  >${t("registers.candidate", { key: one.capakey, share: percent(one.share, 0) })}
                  ${one.units.length ? t("registers.candidate_units", { units: one.units.join(", ") }) : nothing}</span
                >
              </button>`,
            )}
          </div>`
          : nothing
      }
      <form
        @submit=${(event: SubmitEvent) => {
          event.preventDefault();
          this.#assign(record, String(new FormData(event.target as HTMLFormElement).get("key") ?? ""));
        }}
      >
        <label
          >${t(record.candidates.length ? "registers.other_key" : "registers.key")}
          <input
            class="field"
            name="key"
            required
            autocomplete="off"
            aria-invalid=${failed}
            aria-describedby=${failed ? `wrong-${record.id}` : "key-hint"}
        /></label>
        <button class="button" ?disabled=${this.busy}>${t("registers.assign")}</button>
      </form>
      ${failed ? html`<p class="small wrong" role="alert" id="wrong-${record.id}">${problem.text}</p>` : nothing}
    </li>`;
  }

  #links() {
    const query = { municipality: this.municipality };
    const register = this.#register;
    const links: [string, string][] = [
      [apiUrl(`registers/${register}/records.csv`, query), t("registers.take_records")],
      [apiUrl(`exports/${register}.geojson`, query), t("registers.take_map")],
      [apiUrl(`registers/${register}/unmatched.csv`, query), t("registers.take_unmatched")],
    ];
    return html`<div class="row" role="group" aria-label=${t("registers.take")}>
      ${links.map(([href, name]) => html`<a class="quiet small" href=${href} download>${icon("download", 15)} ${name}</a>`)}
    </div>`;
  }

  protected override render() {
    const { unmatched } = this;
    if (!unmatched || unmatched.records === 0) return nothing;
    const { items, settled, records } = unmatched;
    return html`<h3>${registerSymbol(this.#register)} ${t(`layer.${layerOf(this.#register)}`)}</h3>
      <p class="small muted">
        ${items.length ? t("registers.settle_hint", { n: number(items.length), of: number(records) }) : t("registers.settle_none")}
        ${items.length ? html`<span id="key-hint">${t("registers.key_hint")}</span>` : nothing}
      </p>
      <div class="said" role="status">
        ${this.said ? html`<span>${this.said}</span>` : nothing}
        ${
          this.undoable
            ? html`<button class="button" ?disabled=${this.busy} @click=${() => this.undoable && this.#takeBack(this.undoable)}>
              ${t("registers.undo")}
            </button>`
            : nothing
        }
      </div>
      <ul>
        ${repeat(
          items,
          ({ id }) => id,
          (record) => this.#item(record),
        )}
      </ul>
      ${
        settled.length
          ? html`<h3>${t("registers.settled")}</h3>
            <ul>
              ${settled.map(
                (record) => html`<li>
                  <div class="row">
                    <span
                      ><strong>${record.address || t("unknown")}</strong>
                      <span class="small muted">${record.assigned_capakey}</span></span
                    >
                    <button class="quiet" ?disabled=${this.busy} @click=${() => this.#takeBack(record)}>
                      ${t("registers.undo")}<span class="visually-hidden"> ${t("registers.dossier", { number: record.dossier_number })}</span>
                    </button>
                  </div>
                </li>`,
              )}
            </ul>`
          : nothing
      }
      ${this.#links()}`;
  }
}
