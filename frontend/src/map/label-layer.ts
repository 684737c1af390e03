import type { Map as LeafletMap } from "leaflet";
import { CanvasLayer } from "./canvas-layer.ts";
import type { Project } from "./mercator.ts";
import { joinLines, type NamedLine, placeLabels } from "./street-labels.ts";
import type { TileFeature, TileSource } from "./tile-source.ts";
import { LABEL, streetStyle } from "./tile-style.ts";

const FROM_ZOOM = 15;
const TILE_ZOOM = 15;

/** Street names, written along their streets where they fit. */
export class LabelLayer extends CanvasLayer {
  readonly #source: TileSource;
  #leaflet: LeafletMap | null = null;
  #streets: { tile: { x: number; y: number }; features: TileFeature[] }[] = [];

  constructor(source: TileSource, pane: string) {
    super(pane);
    this.#source = source;
  }

  override onAdd(map: LeafletMap): this {
    this.#leaflet = map;
    map.on("moveend", this.#load, this);
    super.onAdd(map);
    void this.#load();
    return this;
  }

  override onRemove(map: LeafletMap): this {
    map.off("moveend", this.#load, this);
    this.#leaflet = null;
    return super.onRemove(map);
  }

  async #load(): Promise<void> {
    const map = this.#leaflet;
    if (!map || map.getZoom() < FROM_ZOOM) return;
    const bounds = map.getPixelBounds();
    const tilePx = 256 * 2 ** (map.getZoom() - TILE_ZOOM);
    const wanted: { x: number; y: number }[] = [];
    for (let x = Math.floor(bounds.min!.x / tilePx); x <= Math.floor(bounds.max!.x / tilePx); x += 1) {
      for (let y = Math.floor(bounds.min!.y / tilePx); y <= Math.floor(bounds.max!.y / tilePx); y += 1) {
        wanted.push({ x, y });
      }
    }
    this.#streets = await Promise.all(
      wanted.map(async (tile) => ({
        tile,
        // A tile that fails is reported by the base map itself; names are an extra.
        features: await this.#source.get("street", { z: TILE_ZOOM, ...tile }).catch(() => []),
      })),
    );
    this.redraw();
  }

  protected draw(
    context: CanvasRenderingContext2D,
    project: Project,
    size: { width: number; height: number },
    zoom: number,
  ): void {
    if (zoom < FROM_ZOOM) return;
    const fontPx = zoom >= 17 ? 13 : 12;
    context.font = `500 ${fontPx}px "Source Sans 3", sans-serif`;
    const labels = placeLabels(
      joinLines(this.#lines(project, zoom)),
      size,
      (name) => context.measureText(name).width,
    );
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.lineJoin = "round";
    context.lineWidth = 3.5;
    for (const label of labels) {
      context.save();
      context.translate(label.x, label.y);
      context.rotate(label.angle);
      context.strokeStyle = LABEL.halo;
      context.strokeText(label.name, 0, 0);
      context.fillStyle = LABEL.ink;
      context.fillText(label.name, 0, 0);
      context.restore();
    }
  }

  #lines(project: Project, zoom: number): NamedLine[] {
    const origin = project(85.0511287798066, -180);
    const unit = (256 * 2 ** (zoom - TILE_ZOOM)) / 4096;
    const lines: NamedLine[] = [];
    for (const { tile, features } of this.#streets) {
      for (const feature of features) {
        const name = feature.properties.name;
        const style = streetStyle(String(feature.properties.class));
        if (typeof name !== "string" || !name || zoom < style.minZoom) continue;
        for (const line of feature.lines) {
          const points = Array.from(line, (value, i) =>
            i % 2 === 0
              ? origin.x + (tile.x * 4096 + value) * unit
              : origin.y + (tile.y * 4096 + value) * unit,
          );
          lines.push({ name, points, weight: style.order });
        }
      }
    }
    return lines;
  }
}
