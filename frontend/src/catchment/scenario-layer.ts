import { type FeatureGroup, featureGroup, geoJSON, type Map as LeafletMap, polyline } from "leaflet";
import type { Position, StreetSegment } from "../api/types.ts";

const CLOSED = "#b3261e";
const OPENED = "#1a6b3a";

export interface Scenario {
  closed: readonly StreetSegment[];
  opened: readonly StreetSegment[];
  /** The street that is being asked about. */
  found: StreetSegment | null;
  barriers: readonly (readonly Position[])[];
}

/** Streets that are closed or opened for the sake of argument, and lines that nobody crosses. */
export class ScenarioLayer {
  readonly #map: LeafletMap;
  #group: FeatureGroup | null = null;
  #shown: Scenario | null = null;

  constructor(map: LeafletMap) {
    this.#map = map;
  }

  update(scenario: Scenario | null): void {
    if (scenario === this.#shown) return;
    this.#shown = scenario;
    this.#group?.remove();
    this.#group = null;
    if (!scenario) return;
    const group = featureGroup();
    for (const street of scenario.closed) this.#street(street, CLOSED, "2 7", group);
    for (const street of scenario.opened) this.#street(street, OPENED, "", group);
    if (scenario.found) this.#street(scenario.found, "#c77700", "", group);
    for (const line of scenario.barriers) {
      const way = line.map(([lon, lat]): [number, number] => [lat, lon]);
      this.#line(way, "#fff", 8, "").addTo(group);
      this.#line(way, CLOSED, 4, "10 5").addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }

  #street(street: StreetSegment, colour: string, dash: string, group: FeatureGroup): void {
    for (const [weight, own, dashes] of [
      [10, "#fff", ""],
      [6, colour, dash],
    ] as const) {
      const style = { color: own, weight, dashArray: dashes, opacity: 0.95 };
      geoJSON(street, { pane: "scenario", interactive: false, style } as L.GeoJSONOptions).addTo(group);
    }
  }

  #line(way: [number, number][], colour: string, weight: number, dash: string) {
    return polyline(way, { pane: "scenario", interactive: false, color: colour, weight, dashArray: dash });
  }
}
