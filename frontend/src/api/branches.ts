import { officer } from "./cases.ts";
import { apiUrl, type Query, request } from "./client.ts";

export const PEER_FACTS = [
  "inhabitants",
  "inhabitants_per_km2",
  "shops_per_1000",
  "near_core_share",
  "income_eur",
] as const;
export type PeerFact = (typeof PEER_FACTS)[number];
export type WhyNot =
  | "no_inhabitants"
  | "no_shops"
  | "branches_unknown"
  | "alone"
  | "no_peers"
  | "core_without_inhabitants"
  | "no_cores";

/** A town with what it is compared by. */
export interface PeerTown {
  nis_code: string;
  name_nl: string;
  n_shops: number;
  n_branch_known: number;
  seen_on: string | null;
  why_not: WhyNot | null;
}

export interface Peer extends PeerTown {
  /** In standard deviations; null with too few shared facts. */
  distance: number | null;
  n_facts: number;
  facts: { fact: PeerFact; own: number | null; theirs: number | null; apart: number | null }[];
  missing: PeerFact[];
  is_peer: boolean;
}

export interface PeerList {
  town: PeerTown;
  choice: { peer_codes: string[] | null; reason: string; made_by: string; made_at: string } | null;
  is_by_hand: boolean;
  k: number;
  least_facts: number;
  items: Peer[];
}

export type Stance = "wished" | "unwanted" | "open";

/** What somebody said of a branch. */
export interface Wish {
  id: number;
  branch_code: string;
  stance: Stance;
  /** Of one core; null: of the whole municipality. */
  core_code: string | null;
  core_name?: string | null;
  reason: string;
  since_on: string;
  made_by: string;
  made_at: string;
  undone_by: string | null;
  undone_at: string | null;
}

export type GapKind = "void" | "gap" | "even" | "surplus";
export type GapCertainty = "sure" | "likely" | "usual" | "too_few" | "few_peers";

interface FlowShare {
  share: number;
  source: string;
  year: number;
}

/** A branch here against alike towns; null where the sum of theirs is too small to be shown. */
export interface Gap {
  branch: string;
  branch_group: string;
  label_nl: string;
  label_fr: string;
  label_en: string;
  n_own: number;
  n_peers: number | null;
  n_with: number | null;
  rate_per_1000: number | null;
  rate_lower_per_1000: number | null;
  rate_upper_per_1000: number | null;
  own_per_1000: number;
  expected: number | null;
  gap: number | null;
  usual_lower: number | null;
  usual_upper: number | null;
  kind: GapKind | null;
  certainty: GapCertainty | null;
  own_m2: number | null;
  m2_per_1000: number | null;
  expected_m2: number | null;
  gap_m2: number | null;
  usual_lower_m2: number | null;
  usual_upper_m2: number | null;
  n_peers_m2: number;
  is_hidden: boolean;
  cells: { place: string; nis_code: string; n: number | null }[];
  wish: Wish | null;
  leakage: FlowShare | null;
  online: FlowShare | null;
  room_group_m2: number | null;
  backed_gap_m2: number | null;
}

export interface Gaps extends PeerList {
  core: { id: number; name: string; area_type: string } | null;
  cores: { id: number; name: string; area_type: string }[];
  level: "branch" | "group";
  why_not: WhyNot | null;
  rows: Gap[];
  n_compared: number;
  n_sure: number;
  chance_sure: number;
  left_out: string[];
  own_variance: number | null;
  exposure: number | null;
  peers_exposure: number | null;
  near_core_m: number;
  least_outlets: number;
  source: string | null;
  surveyed_on: string | null;
  today: string;
  formulas: { name: string; branch: string | null; n_towns: number }[];
  chains: { n: number; n_known: number } | null;
}

export interface Wishes {
  items: Wish[];
  history: Wish[];
}

export interface Flow {
  id: number;
  branch_group: string;
  kind: "leakage" | "online";
  share: number | null;
  source: string | null;
  year: number | null;
  reason: string;
  made_by: string;
  made_at: string;
  undone_by: string | null;
  undone_at: string | null;
}

export interface Flows {
  items: Flow[];
  history: Flow[];
  groups: { code: string; label_nl: string; label_fr: string; label_en: string }[];
}

export interface SharingShop {
  id: number;
  name: string | null;
  address: string | null;
  lon: number;
  lat: number;
  bands: { minutes: number; people: number; shared: number; shared_share: number | null }[];
  lost: { half_minutes: number; share: number | null }[];
}

/** Whom a new shop would share with the shops there are. */
export interface Sharing {
  shop_unit: { id: number; address: string | null };
  branch: string;
  minutes: number[];
  n_left_out: number;
  source: string | null;
  observed_on: string | null;
  coverage: number | null;
  why_not: "no_people" | null;
  served: { limit: number; people: number; served: number; served_share: number | null }[];
  shops: SharingShop[];
}

async function get<T>(path: string, query: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request(apiUrl(path, query), signal)).json()) as T;
}

async function post<T>(path: string, municipality: string, body?: object): Promise<T> {
  const headers: Record<string, string> = { "Kernkaart-Officer": encodeURIComponent(officer()) };
  if (body) headers["Content-Type"] = "application/json";
  const init: RequestInit = { method: "POST", headers };
  if (body) init.body = JSON.stringify(body);
  return (await (await request(apiUrl(path, { municipality }), undefined, init)).json()) as T;
}

export const branchesApi = {
  gaps: (query: Query, signal?: AbortSignal) => get<Gaps>("branches/gaps", query, signal),
  choosePeers: (municipality: string, body: { peer_codes: readonly string[] | null; reason: string }) =>
    post<PeerList>("branches/peers", municipality, body),
  undoPeers: (municipality: string) => post<PeerList>("branches/peers/undo", municipality),
  wishes: (municipality: string, signal?: AbortSignal) =>
    get<Wishes>("branches/wishes", { municipality }, signal),
  wish: (
    municipality: string,
    body: { branch_code: string; stance: Stance; reason: string; core: number | null },
  ) => post<Wishes>("branches/wishes", municipality, body),
  undoWish: (municipality: string, id: number) => post<Wishes>(`branches/wishes/${id}/undo`, municipality),
  flows: (municipality: string, signal?: AbortSignal) =>
    get<Flows>("branches/flows", { municipality }, signal),
  addFlow: (municipality: string, body: object) => post<Flows>("branches/flows", municipality, body),
  undoFlow: (municipality: string, id: number) => post<Flows>(`branches/flows/${id}/undo`, municipality),
  sharing: (query: Query, signal?: AbortSignal) => get<Sharing>("branches/sharing", query, signal),
};
