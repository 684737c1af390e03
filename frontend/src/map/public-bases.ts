import type { TileLayerOptions } from "leaflet";

export type PublicBase = "osm" | "grb";

/** Base maps of others: off until somebody chooses them, because their servers then see which tiles are asked. */
export const PUBLIC_BASES: Record<
  PublicBase,
  { url: string; options: TileLayerOptions; attribution: string; href: string }
> = {
  osm: {
    url: "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    options: { maxZoom: 20, maxNativeZoom: 19, referrerPolicy: "origin" },
    attribution: "© OpenStreetMap contributors",
    href: "https://www.openstreetmap.org/copyright",
  },
  grb: {
    url: "https://geo.api.vlaanderen.be/GRB/wmts?service=WMTS&request=GetTile&version=1.0.0&layer=grb_bsk_grijs&style=&format=image/png&tilematrixset=GoogleMapsVL&tilematrix={z}&tilerow={y}&tilecol={x}",
    options: { maxZoom: 20, referrerPolicy: "origin" },
    attribution: "Bron: Grootschalig Referentie Bestand Vlaanderen, Digitaal Vlaanderen",
    href: "https://www.vlaanderen.be/digitaal-vlaanderen",
  },
};
