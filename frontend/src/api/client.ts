import type {
  About,
  Areas,
  Catchment,
  CatchmentDifference,
  CatchmentParameters,
  ClusterHistory,
  ClusterQuestion,
  Clusters,
  CodeItem,
  FoundPlace,
  Mode,
  Municipality,
  MunicipalityDetail,
  ParkingZones,
  Points,
  Sensor,
  Series,
  ShopUnitDetail,
  StoredCatchment,
  StreetSegment,
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

export type Query = Record<string, string | number | boolean | null | undefined | readonly string[]>;

/** Relative to the page, so that the application may live under a path of a municipal server. */
export function apiUrl(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (Array.isArray(value)) for (const one of value) parameters.append(key, one);
    else if (value !== null && value !== undefined && value !== "") parameters.set(key, String(value));
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

export async function request(url: string, signal?: AbortSignal, init: RequestInit = {}): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, signal ? { ...init, signal } : init);
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

async function send<T>(method: "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<T> {
  const init: RequestInit = body
    ? { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json" } }
    : { method };
  const response = await request(apiUrl(path), undefined, init);
  return (response.status === 204 ? null : await response.json()) as T;
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
  parcelAt: (lon: number, lat: number) => get<GeoJSON.Feature & { id: number }>("parcels/at", { lon, lat }),
  vacancy: (municipality: string, scope: string, signal?: AbortSignal) =>
    get<Vacancy>("vacancy", { municipality, scope }, signal),
  catchment: (query: Query, signal?: AbortSignal) => get<Catchment>("catchment", query, signal),
  findPlaces: (municipality: string, q: string, signal?: AbortSignal) =>
    get<{ items: FoundPlace[] }>("places/search", { municipality, q, limit: 8 }, signal),
  nearestStreet: (lon: number, lat: number, mode: Mode) =>
    get<StreetSegment>("street-segments/near", { lon, lat, mode }),
  streets: (ids: readonly number[]) =>
    get<{ features: StreetSegment[] }>("street-segments", { ids: ids.join(",") }),
  storedCatchments: (municipality: string) =>
    get<{ items: StoredCatchment[] }>("catchments", { municipality }),
  storedCatchment: (id: number, run: number | null, signal?: AbortSignal) =>
    get<Catchment>(`catchments/${id}`, { run }, signal),
  storeCatchment: (body: CatchmentParameters & { name: string; municipality: string }) =>
    send<Catchment>("POST", "catchments", body),
  recomputeCatchment: (id: number) => send<Catchment>("POST", `catchments/${id}/runs`),
  renameCatchment: (id: number, name: string) => send<unknown>("PATCH", `catchments/${id}`, { name }),
  removeCatchment: (id: number) => send<null>("DELETE", `catchments/${id}`),
  restoreCatchment: (id: number) => send<unknown>("POST", `catchments/${id}/restore`),
  catchmentDifference: (id: number, query: Query, signal?: AbortSignal) =>
    get<CatchmentDifference>(`catchments/${id}/difference`, query, signal),
  clustersOn: (municipality: string, query: Query, signal?: AbortSignal) =>
    get<Clusters>("vacancy-clusters", { municipality, ...query }, signal),
  clusterHistory: (municipality: string, question: ClusterQuestion, signal?: AbortSignal) =>
    get<ClusterHistory>("vacancy-clusters/history", { municipality, question }, signal),
};
