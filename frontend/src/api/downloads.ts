import { get, type Query } from "./request.ts";

export interface DownloadLayer {
  name: string;
  title: string;
  subject: string;
  geometry: string;
  filters_units: boolean;
}

export interface DownloadLayers {
  formats: string[];
  crs: number[];
  items: DownloadLayer[];
}

export interface DownloadSource {
  name: string;
  publisher: string | null;
  licence: string | null;
  attribution: string | null;
  vintage_on: string | null;
  redistribute_rows: boolean;
}

/** What a file would hold, before it is made. */
export interface DownloadAbout {
  name: string;
  title: string;
  rows: number;
  left_out: number;
  sources: DownloadSource[];
}

export const downloadsApi = {
  layers: (municipality: string, lang: string, signal?: AbortSignal) =>
    get<DownloadLayers>("exports/layers", { municipality, lang }, signal),
  about: (layer: string, query: Query, signal?: AbortSignal) =>
    get<DownloadAbout>(`exports/layers/${layer}`, query, signal),
};
