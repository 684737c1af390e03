import type { Map as LeafletMap, Point } from "leaflet";
import { api } from "../api/client.ts";
import { CanvasLayer } from "../map/canvas-layer.ts";
import type { Project } from "../map/mercator.ts";
import { fromSegment, KIND_ONLY, PERHAPS, SURE, widthOf, widthOfKind } from "./street-lines.ts";
import type { StreetFeature } from "./street-words.ts";

const UNKNOWN = "#84919a";
const CHOSEN = "#ffd23f";
const NEAR_PX = 9;

class Lines extends CanvasLayer {
  features: readonly StreetFeature[] = [];
  chosen: number | null = null;

  protected override draw(
    context: CanvasRenderingContext2D,
    project: Project,
    _size: { width: number; height: number },
    zoom: number,
  ): void {
    const busiest = Math.max(...this.features.map(({ properties }) => properties.footfall_per_day ?? 0), 0);
    const stroke = (feature: StreetFeature, width: number, colour: string, dash: number[] = []) => {
      context.beginPath();
      feature.geometry?.coordinates.forEach(([lon, lat], i) => {
        const { x, y } = project(lat!, lon!);
        if (i) context.lineTo(x, y);
        else context.moveTo(x, y);
      });
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.setLineDash(dash);
      context.stroke();
    };
    context.lineJoin = "round";
    context.lineCap = "butt";
    const width = (value: number | null) => widthOf(value ?? 0, busiest, zoom);
    const chosen = this.features.find(({ id }) => id === this.chosen);
    if (chosen) {
      const { upper_per_day: upper, footfall_class: kind, class_reason: why } = chosen.properties;
      stroke(chosen, (why && kind ? widthOfKind(kind, zoom) : width(upper)) + 8, CHOSEN);
    }
    for (const feature of this.features) {
      const { footfall_per_day: value, upper_per_day: upper, footfall_class: kind } = feature.properties;
      if (feature.properties.class_reason && kind) stroke(feature, widthOfKind(kind, zoom), KIND_ONLY);
      else if (value === null) stroke(feature, 1.5, UNKNOWN, [2, 4]);
      else stroke(feature, width(upper), PERHAPS);
    }
    for (const feature of this.features) {
      const { lower_per_day: lower } = feature.properties;
      if (lower !== null) stroke(feature, Math.max(1, width(lower)), SURE);
    }
  }
}

/** Streets by how many pass: dark for what is sure, pale for what may be more, in one tone where only the kind is known. */
export class StreetLayer {
  readonly #map: LeafletMap;
  readonly #lines = new Lines("areas");
  #municipality: string | null = null;
  #abort = new AbortController();

  constructor(map: LeafletMap) {
    this.#map = map;
  }

  update(municipality: string | null, chosen: number | null): void {
    if (municipality !== this.#municipality) {
      this.#municipality = municipality;
      void this.#load();
    }
    if (chosen === this.#lines.chosen) return;
    this.#lines.chosen = chosen;
    this.#lines.redraw();
  }

  async #load(): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const nis = this.#municipality;
    this.#lines.features = [];
    if (!nis) {
      this.#lines.remove();
      return;
    }
    this.#lines.addTo(this.#map);
    try {
      this.#lines.features = (await api.streetsFootfall(nis, signal)).features;
    } catch {
      // The section about streets says what went wrong; a map without this layer is still a map.
      if (!signal.aborted) this.#municipality = null;
    }
    this.#lines.redraw();
  }

  /** The street at a pixel of the map, if one is near. */
  pick(at: Point): number | null {
    if (!this.#municipality) return null;
    let best: { id: number; distance: number } | null = null;
    for (const { id, geometry } of this.#lines.features) {
      const line = (geometry?.coordinates ?? []).map(([lon, lat]) =>
        this.#map.latLngToContainerPoint([lat!, lon!]),
      );
      for (let i = 1; i < line.length; i++) {
        const distance = fromSegment(at, line[i - 1]!, line[i]!);
        if (distance <= NEAR_PX && (!best || distance < best.distance)) best = { id, distance };
      }
    }
    return best?.id ?? null;
  }
}
