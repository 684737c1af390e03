import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";
import { apiUrl, request } from "../api/client.ts";
import type { TileAddress } from "./tile-cover.ts";

/** A feature of a tile: rings or lines as x, y, x, y ... in units of a tile 4096 wide. */
export interface TileFeature {
  properties: Record<string, string | number | boolean>;
  lines: Int32Array[];
}

const EXTENT = 4096;
const KEPT_TILES = 400;

function parse(buffer: ArrayBuffer): TileFeature[] {
  const features: TileFeature[] = [];
  for (const layer of Object.values(new VectorTile(new PbfReader(buffer)).layers)) {
    const scale = EXTENT / layer.extent;
    for (let i = 0; i < layer.length; i += 1) {
      const feature = layer.feature(i);
      const lines = feature.loadGeometry().map((points) => {
        const line = new Int32Array(points.length * 2);
        points.forEach((point, p) => {
          line[2 * p] = point.x * scale;
          line[2 * p + 1] = point.y * scale;
        });
        return line;
      });
      features.push({ properties: feature.properties as TileFeature["properties"], lines });
    }
  }
  return features;
}

/** Tiles of the application's own server, each fetched and read once and kept while it is likely to be seen again. */
export class TileSource {
  #kept = new Map<string, Promise<TileFeature[]>>();

  get(layer: string, { z, x, y }: TileAddress): Promise<TileFeature[]> {
    const key = `${layer}/${z}/${x}/${y}`;
    const known = this.#kept.get(key);
    this.#kept.delete(key);
    const tile = known ?? this.#fetch(key);
    this.#kept.set(key, tile);
    if (this.#kept.size > KEPT_TILES) this.#kept.delete(this.#kept.keys().next().value!);
    return tile;
  }

  async #fetch(key: string): Promise<TileFeature[]> {
    try {
      const response = await request(apiUrl(`tiles/${key}.mvt`));
      return response.status === 204 ? [] : parse(await response.arrayBuffer());
    } catch (error) {
      this.#kept.delete(key);
      throw error;
    }
  }

  clear(): void {
    this.#kept.clear();
  }
}
