import { get, send } from "./request.ts";
import type {
  Indicator,
  ProfileContent,
  ProfileExplanation,
  ProfileIn,
  ProfileRanking,
  ScoreProfile,
} from "./types.ts";

/** Calls about score profiles. */
export const profilesApi = {
  scoreProfiles: (municipality: string, signal?: AbortSignal) =>
    get<{ items: ScoreProfile[]; indicators: Indicator[] }>("score-profiles", { municipality }, signal),
  profileVersions: (municipality: string, key: string, signal?: AbortSignal) =>
    get<{ items: ScoreProfile[] }>(`score-profiles/${key}/versions`, { municipality }, signal),
  addProfile: (body: ProfileIn) => send<ScoreProfile>("POST", "score-profiles", body),
  changeProfile: (key: string, version: number, body: ProfileIn) =>
    send<ScoreProfile>("PUT", `score-profiles/${key}`, body, { "If-Match": String(version) }),
  removeProfile: (municipality: string, key: string, version: number, by: string) => {
    const query = new URLSearchParams({ municipality, ...(by && { made_by: by }) });
    return send<ScoreProfile>("DELETE", `score-profiles/${key}?${query}`, undefined, {
      "If-Match": String(version),
    });
  },
  profileRanking: (municipality: string, key: string, signal?: AbortSignal) =>
    get<ProfileRanking>(`score-profiles/${key}/ranking`, { municipality }, signal),
  contentRanking: (municipality: string, content: ProfileContent, signal?: AbortSignal) =>
    send<ProfileRanking>("POST", `score-rankings?municipality=${municipality}`, { content }, {}, signal),
  profileUnit: (municipality: string, key: string, unit: number, lang: string, signal?: AbortSignal) =>
    get<ProfileExplanation>(`score-profiles/${key}/shop-units/${unit}`, { municipality, lang }, signal),
  contentUnit: (
    municipality: string,
    content: ProfileContent,
    unit: number,
    lang: string,
    signal?: AbortSignal,
  ) =>
    send<ProfileExplanation>(
      "POST",
      `score-rankings/shop-units/${unit}?municipality=${municipality}&lang=${lang}`,
      { content },
      {},
      signal,
    ),
};
