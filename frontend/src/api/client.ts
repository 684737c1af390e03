import type {
  About,
  Areas,
  Catchment,
  Clusters,
  CodeItem,
  Mode,
  Municipality,
  MunicipalityDetail,
  ParkingZones,
  Points,
  Sensor,
  Series,
  ShopUnitDetail,
  Vacancy,
} from "./types.ts";

/** The API answered, but not with what was asked; `wayOut` is its own advice. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | null,
    readonly wayOut: string | null,
  ) {
    super(detail ?? title);
  }
}

/** Nobody answered: no connection, or the application is not running. */
export class OfflineError extends Error {}

export type Query = Record<string, string | number | boolean | null | undefined>;

/** Relative to the page, so that the application may live under a path of a municipal server. */
export function apiUrl(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== "") parameters.set(key, String(value));
  }
  const text = parameters.toString();
  return `api/${path}${text ? `?${text}` : ""}`;
}

async function problem(response: Response): Promise<ApiError | OfflineError> {
  const body = (await response.json().catch(() => null)) as Record<string, unknown> | null;
  // A gateway that cannot reach the application answers with a page of its own, not with a problem.
  if (!body && [502, 503, 504].includes(response.status)) return new OfflineError(response.statusText);
  const text = (key: string) => (typeof body?.[key] === "string" ? (body[key] as string) : null);
  return new ApiError(response.status, text("title") ?? response.statusText, text("detail"), text("way_out"));
}

export async function request(url: string, signal?: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { signal } : {});
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new OfflineError(String(error));
  }
  if (!response.ok) throw await problem(response);
  return response;
}

async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request(apiUrl(path, query), signal)).json()) as T;
}

export const api = {
  codeList: (scheme: string) => get<{ items: CodeItem[] }>(`code-lists/${scheme}`),
  about: () => get<About>("about"),
  municipalities: () => get<{ items: Municipality[] }>("municipalities"),
  municipality: (nis: string, signal?: AbortSignal) =>
    get<MunicipalityDetail>(`municipalities/${encodeURIComponent(nis)}`, {}, signal),
  areas: (nis: string, signal?: AbortSignal) =>
    get<Areas>(`municipalities/${encodeURIComponent(nis)}/areas.geojson`, {}, signal),
  points: (municipality: string, signal?: AbortSignal) =>
    get<Points>("shop-units/points", { municipality }, signal),
  shopUnit: (id: number, lang: string, signal?: AbortSignal) =>
    get<ShopUnitDetail>(`shop-units/${id}`, { lang }, signal),
  sensors: (municipality: string, signal?: AbortSignal) =>
    get<{ items: Sensor[] }>("sensors", { municipality }, signal),
  series: (id: number, query: Query, signal?: AbortSignal) =>
    get<Series>(`sensors/${id}/series`, query, signal),
  parkingZones: (municipality: string, signal?: AbortSignal) =>
    get<ParkingZones>("parking-zones", { municipality }, signal),
  clusters: (municipality: string, signal?: AbortSignal) =>
    get<Clusters>("vacancy-clusters", { municipality }, signal),
  parcel: (id: number) => get<GeoJSON.Feature>(`parcels/${id}`),
  vacancy: (municipality: string, scope: string, signal?: AbortSignal) =>
    get<Vacancy>("vacancy", { municipality, scope }, signal),
  catchment: (shopUnit: number, mode: Mode, signal?: AbortSignal) =>
    get<Catchment>("catchment", { shop_unit: shopUnit, mode, minutes: "5,10,15" }, signal),
};
