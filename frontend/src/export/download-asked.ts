import type { Query } from "../api/client.ts";
import type { DownloadLayer } from "../api/downloads.ts";

export interface Asked {
  municipality: string;
  filters: Query;
  box: readonly number[] | null;
  layer: DownloadLayer | undefined;
  onlyListed: boolean;
  onlyShown: boolean;
}

/** Is there anything in the filter of the list at all? */
export function isFiltered(filters: Query): boolean {
  return Object.values(filters).some((value) => value !== null && value !== undefined && value !== "");
}

/** What is asked of a layer: the filter of units only where it has units, the box only where that is wanted. */
export function asked({ municipality, filters, box, layer, onlyListed, onlyShown }: Asked): Query {
  return {
    municipality,
    ...(layer?.filters_units && onlyListed ? filters : {}),
    ...(onlyShown && box ? { bbox: box.map((degrees) => degrees.toFixed(6)).join(",") } : {}),
  };
}
