import { html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type CardConflict, cardApi, type Facts, type UnitCard } from "../api/card.ts";
import { ApiError } from "../api/client.ts";
import { labelOf, t } from "../text/index.ts";
import { Done } from "../ui/asked.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { cardStyle } from "./card.css.ts";
import { changedFacts, factField, factText } from "./values.ts";

/** Change the facts of a card; when somebody else did so meanwhile, both versions stand side by side. */
@customElement("kk-premises-form")
export class KkPremisesForm extends KkElement {
  @property({ attribute: false }) card!: UnitCard;
  @state() private conflict: {
    by: string;
    version: number;
    fields: readonly CardConflict[];
    sent: Facts;
  } | null = null;
  readonly #saving = new Done(this);

  static override styles = [controls, cardStyle];

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>("input, select")?.focus();
  }

  async #save(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const facts = changedFacts(event.target as HTMLFormElement, this.card.fields);
    if (!Object.keys(facts).length) {
      this.emit("card-cancel");
      return;
    }
    await this.#send(facts, this.card.version);
  }

  async #send(facts: Facts, version: number): Promise<void> {
    const { shop_unit } = this.card;
    const isFine = await this.#saving.run(async () => {
      const card = await cardApi.change(shop_unit, version, facts);
      const undo = () => cardApi.undo(shop_unit, card.version);
      this.emit("card-saved", { card, text: t("card.saved"), undo });
    });
    const { error } = this.#saving;
    if (!isFine && error instanceof ApiError && error.status === 412) {
      const { by, version: now, fields } = error.values as never as NonNullable<typeof this.conflict>;
      this.conflict = { by, version: now, fields, sent: facts };
      this.#saving.forget();
    }
  }

  async #merge(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const { conflict } = this;
    if (!conflict) return;
    const chosen = new FormData(event.target as HTMLFormElement);
    const theirs = new Set(conflict.fields.map(({ field }) => field));
    // What differs is chosen; of the rest the two say the same.
    const facts = Object.fromEntries(
      Object.entries(conflict.sent).filter(([name]) => theirs.has(name) && chosen.get(name) === "yours"),
    );
    this.conflict = null;
    if (Object.keys(facts).length) await this.#send(facts, conflict.version);
    else
      await this.#saving.run(async () =>
        this.emit("card-saved", { card: await cardApi.get(this.card.shop_unit) }),
      );
  }

  #conflict({ by, fields }: NonNullable<typeof this.conflict>) {
    const { choices } = this.card;
    return html`<form class="box" role="alert" @submit=${(event: SubmitEvent) => void this.#merge(event)}>
      <p class="wide"><strong>${t("card.both", { by })}</strong></p>
      ${fields.map(({ field, yours, theirs }) => {
        const fact = this.card.fields.find((one) => one.name === field)!;
        const option = (
          who: string,
          words: string,
          value: typeof yours,
          isChosen: boolean,
        ) => html`<label class="check">
          <input type="radio" name=${field} value=${who} ?checked=${isChosen} /> <span>${words}: <strong>${factText(fact, value, choices)}</strong></span></label>`;
        return html`<fieldset class="wide"><legend>${labelOf(fact)}</legend>
          ${option("theirs", by, theirs, true)} ${option("yours", t("card.you"), yours, false)}</fieldset>`;
      })}
      <button class="button primary wide">${t("card.keep")}</button>
    </form>`;
  }

  protected override render() {
    const { card, conflict } = this;
    if (conflict) return this.#conflict(conflict);
    return html`<form @submit=${(event: SubmitEvent) => void this.#save(event)}>
      ${(["premises", "use", "terms"] as const).map(
        (group) => html`<fieldset class="wide"><legend class="wide">${t(`card.${group}`)}</legend>
          ${card.fields
            .filter((one) => one.group === group && one.is_editable)
            .map((one) => factField(one, labelOf(one), card.choices))}
        </fieldset>`,
      )}
      <p class="small muted wide">${t("card.no_persons_in_text")}</p>
      <div class="bar wide">
        <button class="button primary" ?disabled=${this.#saving.isBusy}>${t("card.save")}</button>
        <button type="button" class="button" @click=${() => this.emit("card-cancel")}>${t("card.cancel")}</button>
      </div>
      <div class="wide">${this.#saving.error ? this.#saving.draw() : nothing}</div>
    </form>`;
  }
}
