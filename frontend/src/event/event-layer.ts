import { circle, circleMarker, geoJSON, type LayerGroup, type Map as LeafletMap, layerGroup } from "leaflet";
import type { EventDraft } from "./draft.ts";

const ZONE = "#b8400e";
const FILLS: Readonly<Record<string, string>> = {
  treated: ZONE,
  control: "#0b5563",
  near_control: "#0b5563",
};

/** The place that is being chosen for an event, and what each sensor would be to it. */
export class EventLayer {
  readonly #map: LeafletMap;
  #group: LayerGroup | null = null;
  #shown: EventDraft | null = null;

  constructor(map: LeafletMap) {
    this.#map = map;
  }

  update(draft: EventDraft | null): void {
    if (draft === this.#shown) return;
    this.#shown = draft;
    this.#group?.remove();
    this.#group = null;
    if (!draft) return;
    const group = layerGroup();
    const { place } = draft;
    const common = { pane: "scenario", interactive: false };
    if (place?.type === "Point") {
      const [lon, lat] = place.coordinates as [number, number];
      circle([lat, lon], { ...common, radius: draft.reach, color: ZONE, weight: 2, fillOpacity: 0.12 }).addTo(
        group,
      );
      circleMarker([lat, lon], {
        ...common,
        radius: 4,
        color: "#fff",
        fillColor: ZONE,
        fillOpacity: 1,
      }).addTo(group);
    } else if (place) {
      const style = { color: ZONE, weight: 2, fillOpacity: 0.12 };
      geoJSON(place as GeoJSON.Polygon, { ...common, style } as L.GeoJSONOptions).addTo(group);
    }
    for (const { lat, lon, role } of draft.sensors) {
      // Those inside are full, those to compare with are rings: told apart without their colour too.
      const isInside = role === "treated" || role === "door";
      circleMarker([lat, lon], {
        ...common,
        radius: 11,
        weight: 4,
        color: isInside ? ZONE : (FILLS[role] ?? "#84919a"),
        fillOpacity: isInside ? 0.45 : 0,
      }).addTo(group);
    }
    this.#group = group.addTo(this.#map);
  }
}
