import { html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import { type CaseDetail, casesApi } from "../api/cases.ts";
import { date, euro, shortDate, squareMetres } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { caseStyle } from "./cases.css.ts";
import { factText } from "./fact-text.ts";
import { caseStore } from "./store.ts";

const RESPONSES = ["proposed", "interested", "offered", "declined"] as const;
const OWNERS = ["unknown", "found", "informed", "cooperating", "refusing"] as const;
const KINDS = ["call", "visit", "mail", "note"] as const;

/** Candidate units, contacts, grants and the history of a case. */
@customElement("kk-case-parts")
export class KkCaseParts extends KkElement {
  @property({ attribute: false }) item!: CaseDetail;
  /** Units that may be added, as the map knows them. */
  @property({ attribute: false }) choices: readonly { id: number; address: string }[] = [];

  static override styles = [controls, caseStyle];

  #putUnit(unit: number, response: string, ownerState: string): void {
    const known = this.item.units.find(({ shop_unit_id: key }) => key === unit);
    const was = known && { response: known.response, owner_state: known.owner_state };
    const body = { response, owner_state: ownerState, ...(was && { was }) };
    const { id } = this.item;
    const address = known?.address ?? this.choices.find((one) => one.id === unit)?.address ?? "";
    void caseStore.act(
      () => casesApi.putUnit(id, unit, body),
      () => ({
        text: t(known ? "case.unit_said" : "case.unit_added", { address }),
        undo: () =>
          was
            ? casesApi.putUnit(id, unit, { ...was, was: { response, owner_state: ownerState } })
            : casesApi.removeUnit(id, unit),
      }),
    );
  }

  #removeUnit(unit: CaseDetail["units"][number]): void {
    const { id } = this.item;
    const { response, owner_state, shop_unit_id: key } = unit;
    void caseStore.act(
      () => casesApi.removeUnit(id, key),
      () => ({
        text: t("case.unit_removed", { address: unit.address }),
        undo: () => casesApi.putUnit(id, key, { response, owner_state }),
      }),
      `remove unit ${id} ${key}`,
    );
  }

  #units() {
    const { units, signed_unit_id: signed } = this.item;
    const pick = (
      codes: readonly string[],
      scheme: string,
      value: string,
      label: string,
      put: (code: string) => void,
    ) =>
      html`<select class="field" aria-label=${label} @change=${(event: Event) => put((event.target as HTMLSelectElement).value)}>
        ${codes.map((code) => html`<option value=${code} .selected=${code === value}>${tCode(scheme, code)}</option>`)}
      </select>`;
    return html`<section aria-labelledby="units">
      <h3 id="units">${t("case.units")}</h3>
      ${units.length ? nothing : html`<p class="small muted">${t("case.no_units")}</p>`}
      <ul class="rows">
        ${units.map((unit) => {
          const { shop_unit_id: key, address, response, owner_state } = unit;
          return html`<li>
            <button class="open" @click=${() => this.emit("unit-select", { id: key })}>${address}</button>
            <span class="small muted">${unit.floor_area_m2 === null ? "" : squareMetres(unit.floor_area_m2)} ${unit.unit_state ? tCode("state", unit.unit_state) : ""}</span>
            ${key === signed ? html`<span class="badge accent">${tCode("case_state", "signed")}</span>` : nothing}
            <div class="bar" style="flex-basis: 100%">
              ${pick(RESPONSES, "case_unit_response", response, t("case.response_of", { address }), (code) => this.#putUnit(key, code, owner_state))}
              ${pick(OWNERS, "case_owner_state", owner_state, t("case.owner_of", { address }), (code) => this.#putUnit(key, response, code))}
              <button class="quiet" aria-label=${t("case.remove_unit", { address })} @click=${() => this.#removeUnit(unit)}>×</button>
            </div>
          </li>`;
        })}
      </ul>
      <label>${t("case.add_unit")}
        <input class="field" list="choices" autocomplete="off" @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          const found = this.choices.find(({ address }) => address === field.value);
          if (!found) return;
          field.value = "";
          this.#putUnit(found.id, "proposed", "unknown");
        }} /></label>
      <datalist id="choices">${this.choices.map(({ address }) => html`<option value=${address}></option>`)}</datalist>
    </section>`;
  }

  #addActivity(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = new FormData(form);
    const { id } = this.item;
    const body = { kind: String(given.get("kind")), note: String(given.get("note") ?? "").trim() || null };
    void caseStore
      .act(
        () => casesApi.addActivity(id, body),
        ({ added }) => ({
          text: t("case.activity_added"),
          undo: () => casesApi.removeActivity(id, added),
        }),
        `add activity ${id}`,
      )
      .then((done) => {
        if (done) form.reset();
      });
  }

  #activities() {
    const { id, activities } = this.item;
    return html`<section aria-labelledby="activities">
      <h3 id="activities">${t("case.activities")}</h3>
      <form @submit=${this.#addActivity} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
        <label>${t("case.activity_kind")}
          <select class="field" name="kind">${KINDS.map((code) => html`<option value=${code}>${tCode("case_activity_kind", code)}</option>`)}</select></label>
        <label class="wide">${t("case.note")}<textarea class="field" name="note" maxlength="4000" aria-describedby="warning"></textarea></label>
        <p id="warning" class="small muted wide">${t("case.note_warning")}</p>
        <div class="wide"><button class="button">${t("case.add_activity")}</button></div>
      </form>
      <ul class="rows">
        ${activities.map(
          (one) => html`<li>
            <span><strong>${tCode("case_activity_kind", one.kind)}</strong> <span class="small muted num">${shortDate(one.happened_at)} · ${one.written_by}</span>
              ${one.note ? html`<br />${one.note}` : nothing}</span>
            <button class="quiet" aria-label=${t("case.remove_entry", { name: `${tCode("case_activity_kind", one.kind)} ${shortDate(one.happened_at)}` })}
              @click=${() =>
                void caseStore.act(
                  () => casesApi.removeActivity(id, one.id),
                  () => ({ text: t("case.entry_removed"), undo: () => casesApi.restoreActivity(id, one.id) }),
                  `remove activity ${one.id}`,
                )}>×</button>
          </li>`,
        )}
      </ul>
    </section>`;
  }

  #addGrant(event: SubmitEvent): void {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const given = new FormData(form);
    const { id } = this.item;
    const body = {
      scheme: String(given.get("scheme")),
      amount_eur: Number(given.get("amount")),
      paid_on: String(given.get("paid") ?? "") || null,
    };
    void caseStore
      .act(
        () => casesApi.addGrant(id, body),
        ({ added }) => ({ text: t("case.grant_added"), undo: () => casesApi.removeGrant(id, added) }),
        `add grant ${id}`,
      )
      .then((done) => {
        if (done) form.reset();
      });
  }

  #grants() {
    const { id, grants } = this.item;
    return html`<details>
      <summary>${t("case.grants", { n: grants.length })}</summary>
      <ul class="rows">
        ${grants.map(
          (
            one,
          ) => html`<li><span>${one.scheme}, ${euro(one.amount_eur)} <span class="small muted">${one.paid_on ? t("case.paid", { on: date(one.paid_on) }) : t("case.not_paid")}</span></span>
            <button class="quiet" aria-label=${t("case.remove_entry", { name: one.scheme })}
              @click=${() =>
                void caseStore.act(
                  () => casesApi.removeGrant(id, one.id),
                  () => ({ text: t("case.entry_removed"), undo: () => casesApi.restoreGrant(id, one.id) }),
                  `remove grant ${one.id}`,
                )}>×</button></li>`,
        )}
      </ul>
      <form @submit=${this.#addGrant} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
        <label class="wide">${t("case.scheme")}<input class="field" name="scheme" required maxlength="200" /></label>
        <label>${t("case.amount")}<input class="field" name="amount" type="number" min="0" step="any" required /></label>
        <label>${t("case.paid_on")}<input class="field" name="paid" type="date" /></label>
        <div class="wide"><button class="button">${t("case.add_grant")}</button></div>
      </form>
    </details>`;
  }

  #history() {
    return html`<details>
      <summary>${t("case.history")}</summary>
      <ul class="rows">
        ${this.item.changes.map((one) => {
          const shown = Object.entries(one.after).filter(
            ([name]) => one.kind !== "made" && !/_id$|removed_at|resumes_at/.test(name),
          );
          return html`<li>
            <span><strong>${tCode("case_change_kind", one.kind)}</strong>
              <span class="small muted num">${shortDate(one.changed_at)} · ${one.changed_by}</span>
              ${shown.map(([name, value]) => html`<br /><span class="small">${tCode("case_fact", name)}: ${factText(name, one.before[name])} → ${factText(name, value)}</span>`)}</span>
          </li>`;
        })}
      </ul>
    </details>`;
  }

  protected override render() {
    return html`<div style="display: grid; gap: 10px">${this.#units()} ${this.#activities()} ${this.#grants()} ${this.#history()}</div>`;
  }
}
