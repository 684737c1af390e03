import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { Round, RoundList } from "../api/types.ts";
import { number } from "../text/format.ts";
import { t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { deskStyles } from "./desk.css.ts";

const SCOPES = ["core", "municipality", "streets"] as const;

/** The form that starts a round: a name and an area. */
@customElement("kk-rounds-start")
export class KkRoundsStart extends KkElement {
  @property() municipality = "";
  @property({ attribute: false }) cores: readonly { id: number; name: string; shop_units?: number }[] = [];
  @property({ attribute: false }) streets: RoundList["streets"] = [];
  @state() private scope: Round["scope"] | null = null;
  @state() private chosen: ReadonlySet<string> = new Set();
  @state() private isBusy = false;
  @state() private error: unknown = null;

  static override styles = [
    controls,
    deskStyles,
    css`
      form {
        display: grid;
        gap: 10px;
        padding: 12px;
        border: 1px solid var(--line);
        border-radius: var(--radius);
      }
      label {
        font-weight: 600;
        font-size: 14px;
      }
      fieldset {
        display: grid;
        gap: 2px;
        max-height: 220px;
        margin: 0;
        padding: 6px 10px;
        overflow: auto;
        border: 1px solid var(--line-2);
        border-radius: var(--radius);
      }
      legend {
        font-weight: 600;
        font-size: 14px;
      }
      fieldset label {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 28px;
        font-weight: 400;
      }
    `,
  ];

  get #scope(): Round["scope"] {
    return this.scope ?? (this.cores.length ? "core" : "municipality");
  }

  async #create(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const given = new FormData(event.target as HTMLFormElement);
    this.isBusy = true;
    this.error = null;
    try {
      const made = await api.addRound({
        municipality: this.municipality,
        name: String(given.get("name") ?? ""),
        scope: this.#scope,
        core_id: this.#scope === "core" ? Number(given.get("core")) : null,
        streets: this.#scope === "streets" ? [...this.chosen] : [],
      });
      this.emit("round-made", made.id);
    } catch (error) {
      this.error = error;
    } finally {
      this.isBusy = false;
    }
  }

  #toggle(street: string): void {
    const chosen = new Set(this.chosen);
    if (!chosen.delete(street)) chosen.add(street);
    this.chosen = chosen;
  }

  #area() {
    if (this.#scope === "core") {
      return html`<label for="core">${t("rounds.core")}</label>
        <select id="core" name="core" class="field">
          ${this.cores.map((core) => html`<option value=${core.id}>${core.name}</option>`)}
        </select>`;
    }
    if (this.#scope === "municipality") return nothing;
    return html`<fieldset>
      <legend>${t("rounds.choose_streets")} · ${t("rounds.streets_hint", { n: this.chosen.size })}</legend>
      ${this.streets.map(
        ({ street, units }) => html`<label>
          <input type="checkbox" .checked=${this.chosen.has(street)} @change=${() => this.#toggle(street)} />
          ${street} <span class="muted small num">${number(units)}</span>
        </label>`,
      )}
    </fieldset>`;
  }

  protected override render() {
    const scopes = SCOPES.filter((scope) => scope !== "core" || this.cores.length);
    return html`<form @submit=${(event: SubmitEvent) => void this.#create(event)}>
      <label for="name">${t("rounds.name")}</label>
      <input id="name" name="name" class="field" required maxlength="120" placeholder=${t("rounds.name_example")} />
      <label for="scope">${t("rounds.area")}</label>
      <select id="scope" class="field" @change=${(event: Event) => {
        this.scope = (event.target as HTMLSelectElement).value as Round["scope"];
      }}>
        ${scopes.map((scope) => html`<option value=${scope} ?selected=${scope === this.#scope}>${tCode("round_scope", scope)}</option>`)}
      </select>
      ${this.#area()}
      ${this.error ? html`<kk-error plain .error=${this.error}></kk-error>` : nothing}
      <div class="tools">
        <button class="button primary" ?disabled=${this.isBusy || (this.#scope === "streets" && !this.chosen.size)}>
          ${this.isBusy ? t("rounds.creating") : t("rounds.create")}
        </button>
        <button type="button" class="quiet" @click=${() => this.emit("round-made", null)}>${t("round.cancel")}</button>
      </div>
    </form>`;
  }
}
