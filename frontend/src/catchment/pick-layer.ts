import { type Map as LeafletMap, type LeafletMouseEvent, type Polyline, polyline } from "leaflet";
import type { Position } from "../api/types.ts";
import type { Pick } from "./pick.ts";

type Chosen = (lon: number, lat: number) => void;

/** Pointing at the map: a click, or Enter for what lies under the cross in its middle. */
export class PickLayer {
  readonly #map: LeafletMap;
  readonly #rubber: Polyline;
  #line: readonly Position[] = [];
  #isOn = false;

  constructor(map: LeafletMap, chosen: Chosen) {
    this.#map = map;
    this.#rubber = polyline([], {
      pane: "scenario",
      interactive: false,
      color: "#b3261e",
      weight: 3,
      dashArray: "4 6",
    });
    map.getContainer().addEventListener("keydown", (event) => {
      if (!this.#isOn || event.key !== "Enter" || event.target !== map.getContainer()) return;
      event.preventDefault();
      const { lat, lng } = map.getCenter();
      chosen(lng, lat);
    });
    map.on("mousemove", (event: LeafletMouseEvent) => {
      if (this.#line.length) this.#stretch([event.latlng.lng, event.latlng.lat]);
    });
  }

  update(pick: Pick | null): void {
    this.#isOn = pick !== null;
    this.#map.getContainer().classList.toggle("picking", this.#isOn);
    if (this.#isOn) this.#map.doubleClickZoom.disable();
    else this.#map.doubleClickZoom.enable();
    this.#line = pick?.kind === "barrier" || pick?.kind === "event" ? pick.line : [];
    this.#stretch();
  }

  #stretch(end?: Position): void {
    const points = end ? [...this.#line, end] : this.#line;
    this.#rubber.setLatLngs(points.map(([lon, lat]): [number, number] => [lat, lon]));
    const isDrawn = points.length > 1;
    if (isDrawn && !this.#map.hasLayer(this.#rubber)) this.#rubber.addTo(this.#map);
    if (!isDrawn) this.#rubber.remove();
  }
}
