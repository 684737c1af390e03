import type { Choices, FactKind, FactValue } from "./card.ts";
import { apiUrl, get } from "./request.ts";

export interface PublicUnit {
  id: number;
  nis_code: string;
  address: string;
  postcode: string | null;
  place: string | null;
  lon: number;
  lat: number;
  facts: Record<string, FactValue>;
  has_photo: boolean;
  surroundings: {
    passage_class: string | null;
    footfall_class: "main" | "secondary" | "side" | null;
    parking_spaces: number | null;
    parking_within_m: number;
    stop: string | null;
    stop_m: number | null;
  } | null;
  contact: PublicContact | null;
}

export interface PublicContact {
  organisation: string | null;
  contact: string;
}

export interface PublicTown {
  nis_code: string;
  name_nl: string;
  name_fr: string;
  name_en: string;
  is_demo: boolean;
  contact: PublicContact | null;
}

export interface PublicUnits {
  items: PublicUnit[];
  towns: PublicTown[];
  fields: (FactKind & { label_nl: string; label_fr: string; label_en: string })[];
  choices: Choices;
}

export interface Ground {
  streets: GeoJSON.FeatureCollection;
  cores: GeoJSON.FeatureCollection;
  buildings: GeoJSON.FeatureCollection;
  sources: string[];
}

export const finderApi = {
  units: (municipality: string | null, signal?: AbortSignal) =>
    get<PublicUnits>("public/units", { municipality }, signal),
  ground: (municipality: string | null, signal?: AbortSignal) =>
    get<Ground>("public/ground", { municipality }, signal),
  photo: (id: number) => apiUrl(`public/units/${id}/photo.jpg`),
};
