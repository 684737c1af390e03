import { css, html, type TemplateResult } from "lit";
import { property } from "lit/decorators.js";
import { KkElement } from "../ui/element.ts";
import type { Session } from "./session.ts";
import { oneOfSections, type Section } from "./view.ts";

/** A tab of sections: one at a time, chosen from a row of names. */
export abstract class SectionTab<Name extends Section> extends KkElement {
  @property({ attribute: false }) session!: Session;
  /** Counts up whenever the session changed, so that this is drawn again. */
  @property({ type: Number }) turn = 0;
  protected abstract readonly sections: readonly Name[];
  /** What each section draws of the session. */
  protected abstract readonly drawn: Record<Name, (session: Session) => TemplateResult>;
  protected abstract readonly label: string;

  static override styles = css`
    :host {
      display: block;
    }
  `;

  protected override render() {
    const section = oneOfSections(this.sections, this.session.view.section);
    return html`<kk-section-menu
        .sections=${this.sections}
        .current=${section}
        .label=${this.label}
      ></kk-section-menu>
      ${this.drawn[section](this.session)}`;
  }
}
