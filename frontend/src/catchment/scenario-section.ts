import { css, html, nothing } from "lit";
import { customElement, property } from "lit/decorators.js";
import type { StreetSegment } from "../api/types.ts";
import { metres, number } from "../text/format.ts";
import { t } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";
import { BARRIER_PICK, type Pick, STREET_PICK } from "./pick.ts";
import { isScenario, NO_QUESTION, type Question } from "./question.ts";
import { byStreet, type Closing } from "./scenario-words.ts";
import { sectionStyle } from "./section.css.ts";

/** "What if": close or open streets, draw a line nobody crosses, and take each of them back. */
@customElement("kk-scenario-section")
export class KkScenarioSection extends KkElement {
  @property({ attribute: false }) question: Question = NO_QUESTION;
  @property({ attribute: false }) streets: ReadonlyMap<number, StreetSegment> = new Map();
  @property({ type: Number }) known = 0;
  @property({ attribute: false }) pick: Pick | null = null;

  static override styles = [
    controls,
    sectionStyle,
    css`
      .inside {
        display: grid;
        gap: 8px;
        padding-top: 6px;
      }
      li {
        border-bottom: 1px solid var(--line);
        font-size: 14px;
      }
      .line {
        display: flex;
        align-items: center;
        gap: 8px;
        min-height: 36px;
      }
      li span {
        flex: 1;
      }
      .pieces {
        padding: 2px 0 4px 26px;
      }
      .pieces summary {
        font-weight: 400;
      }
      li i {
        flex: none;
        width: 18px;
        height: 5px;
        border-radius: 2px;
        background: repeating-linear-gradient(90deg, #b3261e 0 4px, #fff 4px 6px);
      }
      li i.opened {
        background: #1a6b3a;
      }
    `,
  ];

  #ask(patch: Partial<Question>): void {
    this.emit("catchment-ask", { patch });
  }

  #line(text: string, className: string, undo: () => void, pieces: unknown = nothing) {
    return html`<li>
      <div class="line">
        <i class=${className} aria-hidden="true"></i><span>${text}</span>
        <button class="quiet" aria-label=${t("scenario.undo", { name: text })} @click=${undo}>
          ${icon("reset", 16)} ${t("undo")}
        </button>
      </div>
      ${pieces}
    </li>`;
  }

  #streets(key: "closed" | "opened") {
    const ids = this.question[key];
    const without = (own: readonly number[]) => this.#ask({ [key]: ids.filter((id) => !own.includes(id)) });
    return byStreet(ids, this.streets).map(({ name, ids: own }: Closing) =>
      this.#line(
        t(`scenario.${key}`, { name, count: number(own.length) }),
        key,
        () => without(own),
        own.length > 1 ? this.#pieces(name, own, (id) => without([id])) : nothing,
      ),
    );
  }

  /** The pieces of a street, for who wants one of them back. */
  #pieces(name: string, ids: readonly number[], undo: (id: number) => void) {
    return html`<details class="pieces">
      <summary class="small">${t("scenario.per_piece", { name })}</summary>
      ${ids.map((id, i) => {
        const length = this.streets.get(id)?.properties.length_m;
        const text = t("scenario.piece", { number: i + 1, length: length ? metres(length) : t("unknown") });
        return html`<button class="quiet" aria-label=${t("scenario.undo", { name: `${name}, ${text}` })} @click=${() => undo(id)}>
          ${icon("reset", 16)} ${text}
        </button>`;
      })}
    </details>`;
  }

  protected override render() {
    const { question, pick } = this;
    const pressed = (kind: Pick["kind"], next: Pick) => ({
      isOn: pick?.kind === kind,
      pick: pick?.kind === kind ? null : next,
    });
    const street = pressed("street", STREET_PICK);
    const barrier = pressed("barrier", BARRIER_PICK);
    return html`<details ?open=${isScenario(question)}>
      <summary>${t("scenario.title")}</summary>
      <div class="inside">
        <p class="small muted">${t("scenario.hint")}</p>
        <div class="row">
          <button class="button" aria-pressed=${street.isOn} @click=${() => this.emit("catchment-pick", { pick: street.pick })}>
            ${icon("barrier")} ${t("scenario.street")}
          </button>
          <button class="button" aria-pressed=${barrier.isOn} @click=${() => this.emit("catchment-pick", { pick: barrier.pick })}>
            ${icon("pen")} ${t("scenario.barrier")}
          </button>
        </div>
        ${
          isScenario(question)
            ? html`<ul aria-label=${t("scenario.list")}>
                ${this.#streets("closed")} ${this.#streets("opened")}
                ${question.barriers.map((line, i) =>
                  this.#line(t("scenario.barrier_named", { number: i + 1 }), "", () =>
                    this.#ask({ barriers: question.barriers.filter((other) => other !== line) }),
                  ),
                )}
              </ul>
              <div>
                <button class="quiet" @click=${() => this.#ask({ closed: [], opened: [], barriers: [] })}>
                  ${t("scenario.undo_all")}
                </button>
              </div>`
            : nothing
        }
      </div>
    </details>`;
  }
}
