import { setOfficer } from "./cases.ts";
import { apiUrl, request, send } from "./request.ts";

export type AccountRole =
  | "viewer"
  | "officer"
  | "planner"
  | "gis"
  | "coordinator"
  | "supplier"
  | "administrator";
export const ROLES: readonly AccountRole[] = [
  "viewer",
  "officer",
  "planner",
  "gis",
  "coordinator",
  "supplier",
  "administrator",
];
export type Subject =
  | "ground"
  | "units"
  | "footfall"
  | "parking"
  | "reach"
  | "acquisition"
  | "persons"
  | "accounts";
export type ShareLevel = "own" | "partners" | "public";
export const LEVELS: readonly ShareLevel[] = ["own", "partners", "public"];

export interface RoleSomewhere {
  role: AccountRole;
  /** NIS code; null is all municipalities. */
  nis_code: string | null;
}

export interface Me {
  account_id: number | null;
  login: string | null;
  display_name: string | null;
  is_desk: boolean;
  has_totp: boolean;
  has_password: boolean;
  memberships: RoleSomewhere[];
  rights: Record<Subject, { look: string[]; download: string[]; change: string[] }>;
  provider: string | null;
  has_administrator: boolean;
}

export interface WelcomeFor {
  purpose: "first" | "invitation" | "reset";
  login: string | null;
  display_name: string | null;
}

export interface SignedInBrowser {
  id: number;
  device: string;
  address: string;
  seen_at: string;
  is_this: boolean;
}

export interface AccountToken {
  id: number;
  name: string;
  scope: "read" | "write" | "push";
  used_at: string | null;
  expires_at: string;
  secret: string | null;
}

export interface Account {
  id: number;
  login: string;
  display_name: string;
  is_desk: boolean;
  is_active: boolean;
  has_password: boolean;
  has_totp: boolean;
  database_login: string | null;
  signed_in_at: string | null;
  memberships: RoleSomewhere[];
  may_manage: boolean;
}

export interface DatabaseLogin {
  user: string;
  password: string;
  service: string;
  needs_certificate: boolean;
}

export interface Share {
  subject: Subject;
  level: ShareLevel;
  widest: ShareLevel;
  is_default: boolean;
  changed_by: string | null;
  changed_at: string | null;
}

export interface AuditRow {
  id: number;
  at: string;
  account_name: string;
  action: string;
  nis_code: string | null;
  subject: Subject | null;
  about: string | null;
}

async function get<T>(path: string, query = {}, signal?: AbortSignal): Promise<T> {
  return (await (await request(apiUrl(path, query), signal)).json()) as T;
}

export const accountApi = {
  /** Who is signed in; an account of one person also says who is at work. */
  me: async (signal?: AbortSignal) => {
    const me = await get<Me>("me", {}, signal);
    if (me.display_name && !me.is_desk) setOfficer(me.display_name);
    return me;
  },
  signIn: (body: { login: string; password: string; code: string | null }) =>
    send<null>("POST", "session", body),
  signOut: () => send<null>("DELETE", "session"),
  welcomeFor: (secret: string) => get<WelcomeFor>("welcome", { secret }),
  welcome: (body: object) => send<null>("POST", "welcome", body),
  providerUrl: () => apiUrl("oidc/start"),
  changePassword: (body: { old: string; new: string }) => send<null>("POST", "me/password", body),
  startTotp: () => send<{ secret: string; qr_svg: string }>("POST", "me/totp"),
  keepTotp: (body: { code: string; secret: string | null }) => send<null>("PUT", "me/totp", body),
  sessions: (signal?: AbortSignal) => get<SignedInBrowser[]>("me/sessions", {}, signal),
  endSession: (id: number) => send<null>("DELETE", `me/sessions/${id}`),
  tokens: (signal?: AbortSignal) => get<AccountToken[]>("me/tokens", {}, signal),
  addToken: (body: object) => send<AccountToken>("POST", "me/tokens", body),
  endToken: (id: number) => send<null>("DELETE", `me/tokens/${id}`),
  accounts: (signal?: AbortSignal) => get<Account[]>("accounts", {}, signal),
  addAccount: (body: object) => send<Account>("POST", "accounts", body),
  changeAccount: (id: number, body: object) => send<Account>("PATCH", `accounts/${id}`, body),
  addLink: (id: number) => send<{ secret: string }>("POST", `accounts/${id}/link`),
  giveDatabaseLogin: (id: number) => send<DatabaseLogin>("POST", `accounts/${id}/database-login`),
  takeDatabaseLogin: (id: number) => send<null>("DELETE", `accounts/${id}/database-login`),
  sharing: (municipality: string, signal?: AbortSignal) => get<Share[]>("sharing", { municipality }, signal),
  share: (municipality: string, subject: Subject, level: ShareLevel) =>
    send<Share[]>("PUT", `sharing?municipality=${encodeURIComponent(municipality)}`, { subject, level }),
  audit: (before: number | null, signal?: AbortSignal) =>
    get<AuditRow[]>("audit", { before, limit: 50 }, signal),
};
