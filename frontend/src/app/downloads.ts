import type { Map as LeafletMap } from "leaflet";
import { html } from "lit";
import { filterQuery } from "../places/filter.ts";
import { shownBox } from "./extent.ts";
import type { View } from "./view.ts";

/** The dialog to take data home, told what the list is filtered by and what the map shows. */
export const downloadDialog = (view: View, map: () => LeafletMap | null | undefined) => html`<kk-download
  .municipality=${view.municipality ?? ""}
  .filters=${filterQuery(view.filters)}
  .box=${() => shownBox(map())}
></kk-download>`;
