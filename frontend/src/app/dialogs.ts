import { html } from "lit";
import type { Municipality } from "../api/types.ts";
import { filterQuery } from "../places/filter.ts";
import { shownBox } from "./extent.ts";
import type { KkApp } from "./kk-app.ts";

/** What opens over the page: sources, the account, and taking data home, told what the list is filtered by and what the map shows. */
export const dialogs = (app: KkApp, items: readonly Municipality[]) => html`<kk-sources></kk-sources>
  <kk-account .municipalities=${items} .current=${app.session.view.municipality} .me=${app.me}></kk-account>
  <kk-download
    .municipality=${app.session.view.municipality ?? ""}
    .filters=${filterQuery(app.session.view.filters)}
    .box=${() => shownBox(app.map?.leaflet)}
  ></kk-download>`;
