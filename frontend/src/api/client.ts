import type {
  About,
  Areas,
  BreakIn,
  Catchment,
  CatchmentDifference,
  CatchmentParameters,
  Chains,
  ClusterHistory,
  ClusterQuestion,
  Clusters,
  CodeItem,
  CountFindings,
  DurationBy,
  Durations,
  Edit,
  EditAnswer,
  EditNeighbour,
  EventChoices,
  EventDetail,
  EventEditions,
  EventIn,
  EventList,
  EventStudy,
  ExpectedKind,
  ExpectedVacancy,
  FindingAround,
  FindingVerdict,
  Flows,
  FootfallComparison,
  FootfallOverview,
  ForecastHitRate,
  ForecastOverview,
  FoundPlace,
  Mode,
  MoveDecision,
  Municipality,
  MunicipalityDetail,
  OpeningHours,
  Outlook,
  ParkingZones,
  PastDecisions,
  Points,
  Prospects,
  RecordOfUnit,
  RegisterName,
  RegisterRecords,
  RegisterUnmatched,
  RoundDecided,
  RoundDetail,
  RoundDifferences,
  RoundIn,
  RoundList,
  RoundObservationIn,
  RoundPackage,
  RoundReceipt,
  RoundSeen,
  Sensor,
  SensorForecast,
  SensorQualities,
  Series,
  ShopUnitDetail,
  StoredCatchment,
  StreetSegment,
  StreetsFootfall,
  StreetWhy,
  UnitsOn,
  Vacancy,
  VacancyNotions,
  Worklist,
  WorklistDecision,
  WrittenBreak,
} from "./types.ts";

/** The API answered, but not with what was asked; `wayOut` is its own advice, `code` what our words for it are under. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string | null,
    readonly wayOut: string | null,
    readonly code: string | null = null,
    readonly values: Record<string, unknown> = {},
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
  const title = text("title") ?? response.statusText;
  const values = (body?.values ?? {}) as Record<string, unknown>;
  return new ApiError(response.status, title, text("detail"), text("way_out"), text("code"), values);
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

async function send<T>(method: "POST" | "PATCH" | "PUT" | "DELETE", path: string, body?: object): Promise<T> {
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
  vacancy: (query: Query, signal?: AbortSignal) => get<Vacancy>("vacancy", query, signal),
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
  neighbours: (id: number) => get<{ items: EditNeighbour[] }>(`shop-units/${id}/neighbours`),
  splitUnit: (id: number, body: object) => send<EditAnswer>("POST", `shop-units/${id}/split`, body),
  mergeUnits: (body: object) => send<EditAnswer>("POST", "shop-units/merge", body),
  endUnit: (id: number, body: object) => send<EditAnswer>("POST", `shop-units/${id}/end`, body),
  edits: (municipality: string) => get<{ items: Edit[] }>("edits", { municipality }),
  undoEdit: (id: number) => send<unknown>("POST", `edits/${id}/undo`),
  vacancyNotions: (municipality: string, signal?: AbortSignal) =>
    get<VacancyNotions>("vacancy-notions", { municipality }, signal),
  registerRecords: (register: RegisterName, municipality: string, signal?: AbortSignal) =>
    get<RegisterRecords>(`registers/${register}/records`, { municipality }, signal),
  registerUnmatched: (register: RegisterName, municipality: string, signal?: AbortSignal) =>
    get<RegisterUnmatched>(`registers/${register}/unmatched`, { municipality }, signal),
  registersOfUnit: (unit: number, signal?: AbortSignal) =>
    get<{ items: RecordOfUnit[] }>(`shop-units/${unit}/registers`, {}, signal),
  settleRecord: (register: RegisterName, id: number, capakey: string) =>
    send<unknown>("PUT", `registers/${register}/records/${id}/parcel`, { capakey }),
  takeRecordBack: (register: RegisterName, id: number) =>
    send<unknown>("DELETE", `registers/${register}/records/${id}/parcel`),
  worklist: (query: Query, signal?: AbortSignal) => get<Worklist>("worklist", query, signal),
  settle: (body: WorklistDecision) => send<{ decisions: number[] }>("POST", "worklist/decisions", body),
  unsettle: (body: { municipality: string; decisions: readonly number[]; by: string }) =>
    send<{ decisions: number[] }>("POST", "worklist/decisions/undo", body),
  rounds: (municipality: string, signal?: AbortSignal) => get<RoundList>("rounds", { municipality }, signal),
  round: (id: number, signal?: AbortSignal) => get<RoundDetail>(`rounds/${id}`, {}, signal),
  addRound: (body: RoundIn) => send<RoundDetail>("POST", "rounds", body),
  removeRound: (id: number) => send<null>("DELETE", `rounds/${id}`),
  closeRound: (id: number) => send<RoundDetail & { decided: RoundDecided }>("POST", `rounds/${id}/close`),
  openRound: (id: number) => send<RoundDetail>("POST", `rounds/${id}/open`),
  roundPackage: (id: number) => get<RoundPackage>(`rounds/${id}/package`),
  roundSeen: (id: number) => get<{ closed_at: string | null; items: RoundSeen[] }>(`rounds/${id}/seen`),
  sendObservations: (id: number, observations: readonly RoundObservationIn[]) =>
    send<RoundReceipt>("POST", `rounds/${id}/observations`, { observations }),
  sendPhoto: async (id: number, uid: string, observation: string, jpeg: ArrayBuffer) => {
    const init = { method: "PUT", body: jpeg, headers: { "Content-Type": "image/jpeg" } };
    await request(apiUrl(`rounds/${id}/photos/${uid}`, { observation }), undefined, init);
  },
  roundDifferences: (id: number, signal?: AbortSignal) =>
    get<RoundDifferences>(`rounds/${id}/differences`, {}, signal),
  decideRound: (id: number, body: { accept?: number[]; reject?: number[]; reopen?: number[] }) =>
    send<RoundDecided>("POST", `rounds/${id}/decisions`, body),
  undoRoundImport: (id: number, batch: number) => send<unknown>("DELETE", `rounds/${id}/imports/${batch}`),
  unitsOn: (municipality: string, on: string, signal?: AbortSignal) =>
    get<UnitsOn>("vacancy/units", { municipality, on }, signal),
  durations: (municipality: string, by: DurationBy, signal?: AbortSignal) =>
    get<Durations>("vacancy/durations", { municipality, by }, signal),
  flows: (municipality: string, signal?: AbortSignal) =>
    get<Flows>("vacancy/flows", { municipality }, signal),
  chains: (municipality: string, signal?: AbortSignal) =>
    get<Chains>("vacancy/chains", { municipality }, signal),
  decideMove: (body: { occupancy_id: number; from_unit_id: number; is_confirmed: boolean }) =>
    send<MoveDecision>("POST", "vacancy/relocations", body),
  takeBackMove: (id: number) => send<null>("DELETE", `vacancy/relocations/${id}`),
  outlook: (municipality: string, signal?: AbortSignal) =>
    get<Outlook>("vacancy/outlook", { municipality }, signal),
  prospects: (unit: number, signal?: AbortSignal) => get<Prospects>(`vacancy/prospects/${unit}`, {}, signal),
  expectVacancy: (body: {
    shop_unit_id: number;
    kind: ExpectedKind;
    expected_on: string | null;
    source: string | null;
  }) => send<ExpectedVacancy>("POST", "vacancy/expected", body),
  removeExpected: (id: number) => send<null>("DELETE", `vacancy/expected/${id}`),
  restoreExpected: (id: number) => send<ExpectedVacancy>("POST", `vacancy/expected/${id}/restore`),
  clustersOn: (municipality: string, query: Query, signal?: AbortSignal) =>
    get<Clusters>("vacancy-clusters", { municipality, ...query }, signal),
  clusterHistory: (municipality: string, question: ClusterQuestion, signal?: AbortSignal) =>
    get<ClusterHistory>("vacancy-clusters/history", { municipality, question }, signal),
  seriesBreaks: (municipality: string, signal?: AbortSignal) =>
    get<{ items: WrittenBreak[] }>("series-breaks", { municipality }, signal),
  addBreak: (body: BreakIn & { municipality: string }) => send<WrittenBreak>("POST", "series-breaks", body),
  changeBreak: (id: number, body: BreakIn) => send<WrittenBreak>("PATCH", `series-breaks/${id}`, body),
  removeBreak: (id: number) => send<null>("DELETE", `series-breaks/${id}`),
  worklistDecisions: (query: Query, signal?: AbortSignal) =>
    get<PastDecisions>("worklist/decisions", query, signal),
  footfallOverview: (municipality: string, signal?: AbortSignal) =>
    get<FootfallOverview>("footfall/overview", { municipality }, signal),
  footfallComparison: (municipalities: readonly string[], signal?: AbortSignal) =>
    get<FootfallComparison>("footfall/comparison", { municipalities: municipalities.join(",") }, signal),
  countFindings: (query: Query, signal?: AbortSignal) =>
    get<CountFindings>("footfall/findings", query, signal),
  findingAround: (id: number, lang: string, signal?: AbortSignal) =>
    get<FindingAround>(`footfall/findings/${id}/around`, { lang }, signal),
  decideFindings: (body: {
    municipality: string;
    findings: readonly number[];
    verdict: FindingVerdict;
    by: string;
    reason: string | null;
  }) => send<unknown>("POST", "footfall/findings/decisions", body),
  undoFindings: (body: { municipality: string; findings: readonly number[]; by: string }) =>
    send<unknown>("POST", "footfall/findings/decisions/undo", body),
  countQuality: (municipality: string, signal?: AbortSignal) =>
    get<SensorQualities>("footfall/quality", { municipality }, signal),
  streetsFootfall: (municipality: string, signal?: AbortSignal) =>
    get<StreetsFootfall>("footfall/streets", { municipality }, signal),
  streetFootfall: (segment: number, signal?: AbortSignal) =>
    get<StreetWhy>(`footfall/streets/${segment}`, {}, signal),
  forecasts: (municipality: string, signal?: AbortSignal) =>
    get<ForecastOverview>("forecast", { municipality }, signal),
  forecast: (sensor: number, signal?: AbortSignal) =>
    get<SensorForecast>(`forecast/sensors/${sensor}`, {}, signal),
  forecastHits: (municipality: string, signal?: AbortSignal) =>
    get<ForecastHitRate>("forecast/hit-rate", { municipality }, signal),
  setHolidayCountries: (municipality: string, countries: readonly string[] | null) =>
    send<ForecastOverview>(
      "PUT",
      `forecast/holiday-countries?municipality=${encodeURIComponent(municipality)}`,
      {
        countries,
      },
    ),
  openingHours: (sensor: number, query: Query, signal?: AbortSignal) =>
    get<OpeningHours>(`forecast/sensors/${sensor}/opening-hours`, query, signal),
  events: (municipality: string, signal?: AbortSignal) => get<EventList>("events", { municipality }, signal),
  eventChoices: (municipality: string, signal?: AbortSignal) =>
    get<EventChoices>("events/choices", { municipality }, signal),
  event: (id: number, signal?: AbortSignal) => get<EventDetail>(`events/${id}`, {}, signal),
  addEvent: (municipality: string, body: EventIn) =>
    send<{ id: number }>("POST", `events?municipality=${municipality}`, body),
  changeEvent: (id: number, body: EventIn & { version: string }) =>
    send<{ id: number }>("PUT", `events/${id}`, body),
  removeEvent: (id: number) => send<{ id: number; name: string }>("DELETE", `events/${id}`),
  restoreEvent: (id: number) => send<{ id: number; name: string }>("POST", `events/${id}/restore`),
  eventStudy: (id: number, on: string | null, signal?: AbortSignal) =>
    get<EventStudy>(`events/${id}/effect`, { on }, signal),
  eventEditions: (id: number, signal?: AbortSignal) =>
    get<EventEditions>(`events/${id}/editions`, {}, signal),
};
