import { css, html } from "lit";
import { customElement, property } from "lit/decorators.js";
import { apiUrl, type Query } from "../api/client.ts";
import { language, t, tCode } from "../text/index.ts";
import { controls } from "../ui/controls.ts";
import { KkElement } from "../ui/element.ts";
import { icon } from "../ui/icons.ts";

const FILES = [
  "vacancy-rates.xlsx",
  "vacancy-rates.csv",
  "vacancy-series.csv",
  "longest-vacant.csv",
] as const;

/** What is on the screen, to take along: a page for the council, tables, points. */
@customElement("kk-vacancy-files")
export class KkVacancyFiles extends KkElement {
  @property({ attribute: false }) query: Query = {};
  /** The day of which the units are given as points. */
  @property() on = "";

  static override styles = [
    controls,
    css`
      :host {
        display: grid;
        gap: 8px;
      }
      details {
        font-size: 14px;
      }
      summary {
        padding: 4px 0;
        cursor: pointer;
      }
      li a {
        display: inline-block;
        padding: 5px 0;
      }
    `,
  ];

  protected override render() {
    const { municipality } = this.query;
    return html`<a
        class="button primary"
        href=${apiUrl("exports/vacancy.pdf", { ...this.query, lang: language() })}
        download
        >${icon("print")} ${t("dash.page")}</a
      >
      <details>
        <summary>${t("dash.files")}</summary>
        <ul>
          ${FILES.map(
            (name) =>
              html`<li><a href=${apiUrl(`exports/${name}`, this.query)} download>${tCode("dash_file", name)}</a></li>`,
          )}
          <li>
            <a href=${apiUrl("exports/shop-units-on.geojson", { municipality, on: this.on })} download
              >${tCode("dash_file", "geojson")}</a
            >
          </li>
        </ul>
      </details>`;
  }
}
