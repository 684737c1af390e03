import { css, html } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { CodeItem, WorklistChange } from "../api/types.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";

const STATES = ["occupied", "vacant", "non_retail"] as const;

/** What will be written when the other source is right: filled in with what it says, to be looked over by a person. */
@customElement("kk-worklist-form")
export class KkWorklistForm extends KkElement {
  @property({ attribute: false }) change!: WorklistChange;
  @property({ type: Boolean }) busy = false;
  @state() private branches: CodeItem[] = [];
  @state() private chosen = "";

  static override styles = [
    controls,
    css`
      form {
        display: grid;
        grid-template-columns: 1fr 1fr;
        gap: 8px;
        margin-top: 6px;
        padding: 10px;
        border: 1px solid var(--accent);
        border-radius: var(--radius);
        background: var(--surface);
      }
      label {
        display: grid;
        gap: 2px;
        font-size: 13px;
      }
      .wide {
        grid-column: 1 / -1;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.chosen = this.change.state;
    api.codeList("branch").then(
      ({ items }) => {
        this.branches = items;
      },
      // The branch may stay open; all else can be written.
      () => undefined,
    );
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>("select")?.focus();
  }

  #write(event: SubmitEvent): void {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(given.get(name) ?? "").trim() || null;
    this.emit("worklist-write", {
      state: this.chosen,
      on: text("on"),
      occupant_name: text("name"),
      branch_code: text("branch"),
    });
  }

  #branches() {
    const groups = [...new Set(this.branches.map((item) => item.parent_code))].filter(
      (group) => (group === "non_retail") === (this.chosen === "non_retail"),
    );
    // The group that the other source names comes first.
    groups.sort((a, b) => Number(b === this.change.branch_group) - Number(a === this.change.branch_group));
    return html`<label class="wide"
      >${t("worklist.branch")}
      <select class="field" name="branch">
        <option value="">${t("unknown")}</option>
        ${groups.map(
          (group) => html`<optgroup label=${tCode("branch_group", group)}>
            ${this.branches
              .filter((item) => item.parent_code === group)
              .map((item) => html`<option value=${item.code}>${labelOf(item)}</option>`)}
          </optgroup>`,
        )}
      </select></label
    >`;
  }

  protected override render() {
    const { change } = this;
    return html`<form
      @submit=${this.#write}
      @keydown=${(event: KeyboardEvent) => {
        event.stopPropagation();
        if (event.key === "Escape") this.emit("worklist-cancel");
      }}
    >
      <label
        >${t("worklist.state")}
        <select
          class="field"
          @change=${(event: Event) => {
            this.chosen = (event.target as HTMLSelectElement).value;
          }}
        >
          ${STATES.map(
            (code) =>
              html`<option value=${code} .selected=${code === this.chosen}>${tCode("state", code)}</option>`,
          )}
        </select></label
      >
      <label>${t("worklist.on")} <input class="field" type="date" name="on" required .value=${change.on} /></label>
      ${
        this.chosen === "vacant"
          ? ""
          : html`<label class="wide"
              >${t("worklist.name")}
              <input class="field" name="name" maxlength="200" .value=${change.occupant_name ?? ""}
            /></label>
            ${this.#branches()}`
      }
      <div class="buttons wide">
        <button class="button primary" ?disabled=${this.busy}>${t("worklist.write")}</button>
        <button class="button" type="button" @click=${() => this.emit("worklist-cancel")}>${t("worklist.cancel")}</button>
      </div>
    </form>`;
  }
}
