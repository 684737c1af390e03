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

export async function get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
  return (await (await request(apiUrl(path, query), signal)).json()) as T;
}

export async function send<T>(
  method: "POST" | "PATCH" | "PUT" | "DELETE",
  path: string,
  body?: object,
  headers: Record<string, string> = {},
  signal?: AbortSignal,
): Promise<T> {
  const init: RequestInit = body
    ? { method, body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } }
    : { method, headers };
  const response = await request(apiUrl(path), signal, init);
  return (response.status === 204 ? null : await response.json()) as T;
}
