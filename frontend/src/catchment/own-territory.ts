import { css, html, nothing } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { api } from "../api/client.ts";
import type { CodeItem } from "../api/types.ts";
import { collator } from "../text/format.ts";
import { labelOf, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { NO_QUESTION, type Question } from "./question.ts";
import { sectionStyle } from "./section.css.ts";

/** "Mine alone": leave out who lives nearer to a competitor, of a branch or named one by one. */
@customElement("kk-own-territory")
export class KkOwnTerritory extends KkElement {
  @property({ attribute: false }) question: Question = NO_QUESTION;
  @property({ attribute: false }) labels: ReadonlyMap<number, string> = new Map();
  @property() ownBranch: string | null = null;
  @state() private branches: readonly CodeItem[] = [];

  static override styles = [
    controls,
    sectionStyle,
    css`
      :host {
        display: grid;
        gap: 6px;
      }
      .name {
        font-size: 14px;
        font-weight: 600;
      }
      .chip {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        min-height: 28px;
        padding: 2px 6px 2px 10px;
        border: 1px solid var(--line-2);
        border-radius: 14px;
        background: var(--surface);
        font-size: 13.5px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    api.codeList("branch").then(
      ({ items }) => {
        this.branches = items;
      },
      // Without the list there is still the branch of the place itself, and pointing at competitors.
      () => undefined,
    );
  }

  #ask(patch: Partial<Question>): void {
    this.emit("catchment-ask", { patch });
  }

  #options() {
    const { compare } = collator();
    const { ownBranch, question } = this;
    const others = this.branches.filter(({ code }) => code !== ownBranch);
    const option = (code: string, text: string) =>
      html`<option value=${code} .selected=${code === question.competitorBranch}>${text}</option>`;
    return html`${option("", t("catchment.no_branch"))}
      ${ownBranch ? option(ownBranch, t("catchment.same_branch", { branch: tCode("branch", ownBranch) })) : nothing}
      ${[...others]
        .sort((a, b) => compare(labelOf(a), labelOf(b)))
        .map((item) => option(item.code, labelOf(item)))}`;
  }

  protected override render() {
    const { question } = this;
    return html`<label class="name" for="branch">${t("catchment.own_territory")}</label>
      <p class="small muted">${t("catchment.own_territory_hint")}</p>
      <select
        id="branch"
        class="field"
        @change=${(event: Event) =>
          this.#ask({ competitorBranch: (event.target as HTMLSelectElement).value || null })}
      >
        ${this.#options()}
      </select>
      <div class="row">
        ${question.competitors.map((id) => {
          const name = this.labels.get(id) ?? t("catchment.some_unit", { id });
          return html`<button
            class="chip"
            aria-label=${t("catchment.remove_competitor", { name })}
            @click=${() => this.#ask({ competitors: question.competitors.filter((other) => other !== id) })}
          >
            ${name} ${icon("close", 14)}
          </button>`;
        })}
        <button class="quiet" @click=${() => this.emit("catchment-pick", { pick: { kind: "competitor" } })}>
          ${icon("plus", 16)} ${t("catchment.add_competitor")}
        </button>
      </div>`;
  }
}
