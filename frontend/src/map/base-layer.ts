import { type Coords, type DoneCallback, GridLayer } from "leaflet";
import { piecesOf, type TileAddress } from "./tile-cover.ts";
import type { TileFeature, TileSource } from "./tile-source.ts";
import {
  BACKDROP,
  BUILDING,
  GROUND,
  PARCEL_LINE,
  streetStyle,
  streetWidth,
  TILE_LAYERS,
  type TileLayer,
} from "./tile-style.ts";

const DRAWN_PX = 512;
const UNITS = 4096;

interface Drawing {
  features: TileFeature[];
  scale: number;
  left: number;
  top: number;
}

function trace(context: CanvasRenderingContext2D, feature: TileFeature, close: boolean): void {
  context.beginPath();
  for (const line of feature.lines) {
    context.moveTo(line[0]!, line[1]!);
    for (let i = 2; i < line.length; i += 2) context.lineTo(line[i]!, line[i + 1]!);
    if (close) context.closePath();
  }
}

/** Put the context in the units of a data tile; answers how many of those units one screen pixel is. */
function place(context: CanvasRenderingContext2D, drawing: Drawing, ratio: number): number {
  const scale = (DRAWN_PX * ratio * drawing.scale) / UNITS;
  const origin = DRAWN_PX * ratio;
  context.setTransform(scale, 0, 0, scale, drawing.left * origin, drawing.top * origin);
  return ratio / scale;
}

function drawAreas(
  context: CanvasRenderingContext2D,
  layer: TileLayer["name"],
  drawing: Drawing,
  px: number,
  zoom: number,
) {
  for (const feature of drawing.features) {
    trace(context, feature, true);
    if (layer === "parcel") {
      context.strokeStyle = PARCEL_LINE;
      context.lineWidth = 0.6 * px;
      context.stroke();
      continue;
    }
    context.fillStyle =
      layer === "building" ? BUILDING.fill : (BACKDROP[String(feature.properties.kind)] ?? BACKDROP.green!);
    context.fill("evenodd");
    if (layer === "building" && zoom >= 16) {
      context.strokeStyle = BUILDING.line;
      context.lineWidth = 0.7 * px;
      context.stroke();
    }
  }
}

function drawStreets(context: CanvasRenderingContext2D, drawing: Drawing, px: number, zoom: number) {
  const streets = drawing.features
    .map((feature) => ({ feature, style: streetStyle(String(feature.properties.class)) }))
    .filter(({ style }) => zoom >= style.minZoom)
    .sort((a, b) => a.style.order - b.style.order);
  context.lineCap = "round";
  context.lineJoin = "round";
  for (const { feature, style } of streets) {
    if (!style.casing || zoom < 14) continue;
    context.strokeStyle = style.casing;
    context.lineWidth = (streetWidth(style, zoom) + 1.6) * px;
    trace(context, feature, false);
    context.stroke();
  }
  for (const { feature, style } of streets) {
    // Without a casing a white street would vanish on the pale ground.
    context.strokeStyle = zoom < 14 && style.casing ? style.casing : style.fill;
    context.lineWidth = streetWidth(style, zoom) * px;
    context.setLineDash(style.dash ? style.dash.map((length) => length * px) : []);
    trace(context, feature, false);
    context.stroke();
  }
  context.setLineDash([]);
}

/** The base map, drawn in the browser from the application's own vector tiles: no other server is asked. */
export class BaseLayer extends GridLayer {
  showsParcels = false;
  readonly #source: TileSource;

  constructor(source: TileSource) {
    super({ tileSize: DRAWN_PX, updateWhenZooming: false, keepBuffer: 1, className: "kk-base" });
    this.#source = source;
  }

  override createTile(coords: Coords, done: DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    canvas.width = DRAWN_PX * ratio;
    canvas.height = DRAWN_PX * ratio;
    this.#draw(canvas, coords, ratio).then(
      () => done(undefined, canvas),
      (error: Error) => done(error, canvas),
    );
    return canvas;
  }

  async #draw(canvas: HTMLCanvasElement, coords: Coords, ratio: number): Promise<void> {
    const zoom = coords.z;
    const address = { z: zoom - 1, x: coords.x, y: coords.y };
    const layers = TILE_LAYERS.filter(
      (layer) => zoom >= layer.fromZoom && (layer.name !== "parcel" || this.showsParcels),
    );
    const drawn = await Promise.all(layers.map((layer) => this.#drawings(layer, address)));
    const context = canvas.getContext("2d");
    if (!context) return;
    context.fillStyle = GROUND;
    context.fillRect(0, 0, canvas.width, canvas.height);
    layers.forEach((layer, i) => {
      for (const drawing of drawn[i]!) {
        const px = place(context, drawing, ratio);
        if (layer.name === "street") drawStreets(context, drawing, px, zoom);
        else drawAreas(context, layer.name, drawing, px, zoom);
      }
    });
  }

  async #drawings(layer: TileLayer, address: TileAddress): Promise<Drawing[]> {
    return Promise.all(
      piecesOf(address, layer.minZoom, layer.maxZoom).map(async ({ tile, ...where }) => ({
        ...where,
        features: await this.#source.get(layer.name, tile),
      })),
    );
  }
}
