import { html, nothing, type PropertyValues } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import {
  KEPT_MONTHS,
  type KeptMonths,
  type Retention,
  type RetentionRun,
  retentionApi,
} from "../api/retention.ts";
import { date, shortDate } from "../text/format.ts";
import { t } from "../text/index.ts";
import { Asked, Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { personStyle } from "./persons.css.ts";

const SHOWN_RUNS = 5;

/** How long contacts are kept, who chose so and why, and what was let go; opened only by whoever wants to see it. */
@customElement("kk-retention")
export class KkRetention extends KkElement {
  @property() municipality = "";
  @state() private isOpen = false;
  @state() private isChanging = false;
  @state() private was: KeptMonths | null = null;
  readonly #told = new Asked(this, (signal) => retentionApi.get(this.municipality, signal));
  readonly #saving = new Done(this);

  static override styles = [controls, personStyle];

  protected override willUpdate(changed: PropertyValues): void {
    if (!changed.has("municipality")) return;
    this.isChanging = false;
    this.was = null;
    if (this.isOpen) void this.#told.anew();
  }

  async #save(months: KeptMonths, reason: string): Promise<void> {
    const isFine = await this.#saving.run(async () => {
      const told = await retentionApi.set(this.municipality, months, reason);
      this.was = told.was;
      this.#told.put(told);
    });
    if (isFine) this.isChanging = false;
  }

  async #undo(): Promise<void> {
    if (!this.was) return;
    await this.#save(this.was, t("retention.undone"));
    this.was = null;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const months = Object.fromEntries(KEPT_MONTHS.map((name) => [name, Number(given.get(name))]));
    void this.#save(months as KeptMonths, String(given.get("reason")));
  }

  #form(told: Retention) {
    return html`<form class="stack" @submit=${this.#submit} @keydown=${(event: KeyboardEvent) => event.stopPropagation()}>
      ${KEPT_MONTHS.map(
        (
          name,
        ) => html`<label class="small">${t(`retention.${name}`)} (${t("retention.usual", { n: told.usual[name] })})
          <input class="field" type="number" name=${name} min="1" max="120" step="1" required .value=${String(told[name])} /></label>`,
      )}
      <label class="small">${t("retention.reason")}<input class="field" name="reason" required maxlength="500" /></label>
      <p class="small muted">${t("retention.who_may")}</p>
      <div class="bar"><button class="button primary" ?disabled=${this.#saving.isBusy}>${t("person.save")}</button>
        <button type="button" class="button" @click=${() => {
          this.isChanging = false;
          this.#saving.forget();
        }}>${t("person.cancel")}</button></div>
    </form>`;
  }

  #ran({ ran_at, n_prospect, n_owner, n_lost, n_log, n_documents }: RetentionRun) {
    const contacts = n_prospect + n_owner + n_lost;
    const counts = t("retention.counts", { contacts, log: n_log, documents: n_documents });
    return html`<li><span class="num">${shortDate(ran_at)}</span>: ${contacts + n_log + n_documents ? counts : t("retention.nothing_due")}</li>`;
  }

  #all(told: Retention) {
    const { due, runs, changes } = told;
    return html`<div class="stack">
      <dl class="stack">
        ${KEPT_MONTHS.map(
          (name) => html`<div class="small"><dt>${t(`retention.${name}`)}</dt>
            <dd><strong class="num">${t("retention.months", { n: told[name] })}</strong>${told[name] === told.usual[name] ? nothing : html` <span class="muted">(${t("retention.usual", { n: told.usual[name] })})</span>`}</dd></div>`,
        )}
      </dl>
      ${
        this.was
          ? html`<p class="undo" role="status">${t("retention.saved")}
            <button class="button" ?disabled=${this.#saving.isBusy} @click=${() => void this.#undo()}>${t("undo")}</button></p>`
          : nothing
      }
      ${
        this.isChanging
          ? this.#form(told)
          : html`<div><button class="button" @click=${() => {
              this.isChanging = true;
              this.was = null;
            }}>${icon("pen", 16)} ${t("retention.change")}</button></div>`
      }
      ${this.#saving.draw()}
      <h4>${t("retention.job")}</h4>
      <p class="small">${due.length || told.n_log_due ? t("retention.due", { contacts: due.length, log: told.n_log_due }) : t("retention.none_due")}</p>
      ${due.length ? html`<ul class="small">${due.map((one) => html`<li>${date(one.keep_until)}: ${one.places?.join(", ") ?? t("person.due_loose")}</li>`)}</ul>` : nothing}
      ${
        runs.length
          ? html`<p class="small muted">${t("retention.ran")}</p><ul class="small">${runs.slice(0, SHOWN_RUNS).map((run) => this.#ran(run))}</ul>`
          : html`<p class="small muted">${t("retention.never_ran")}</p>`
      }
      ${
        changes.length
          ? html`<h4>${t("retention.changes")}</h4>
            <ul class="small">${changes.map(
              (one) =>
                html`<li><span class="num">${shortDate(one.changed_at)}</span> · ${one.changed_by}: <span class="num">${KEPT_MONTHS.map((name) => one[name]).join(" / ")}</span>${one.reason ? html`, ${one.reason}` : nothing}</li>`,
            )}</ul>`
          : nothing
      }
    </div>`;
  }

  protected override render() {
    return html`<details ?open=${this.isOpen} @toggle=${(event: Event) => {
      this.isOpen = (event.target as HTMLDetailsElement).open;
      if (this.isOpen) void this.#told.again();
    }}>
      <summary>${t("retention.title")}</summary>
      ${this.isOpen ? this.#told.draw((told) => this.#all(told)) : nothing}
    </details>`;
  }
}
