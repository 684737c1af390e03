import { profilesApi } from "../api/profiles.ts";
import type { Points, ProfileContent, ProfileRanking } from "../api/types.ts";
import { faultOf, GENERAL, withoutScores, withRanking } from "../score/profile.ts";
import { IDLE, type Loadable, latest, load, ready } from "../ui/loadable.ts";
import type { View } from "./view.ts";

/** What the profile in force makes of the units; the scores of the general one come with the units themselves. */
export class ProfileState {
  ranked: Loadable<ProfileRanking> = IDLE;
  /** A profile that is being changed and is not kept yet. */
  draft: ProfileContent | null = null;
  readonly #tell: () => void;
  readonly #profiled = latest(withRanking);
  readonly #scoreless = latest(withoutScores);
  #abort = new AbortController();

  constructor(tell: () => void) {
    this.#tell = tell;
  }

  /** Follow the view: another profile or another town ends what was being changed. */
  apply(next: View, old: View): void {
    const isOther = next.profile !== old.profile || next.municipality !== old.municipality;
    if (isOther) this.draft = null;
    if (isOther || next.on !== old.on) this.load(next);
  }

  /** Rank for a profile that is being changed; null goes back to the one that is kept. */
  try(draft: ProfileContent | null, view: View): void {
    this.draft = draft;
    // One that cannot be is not asked for: what it ranked before it was broken stays on the screen.
    if (!draft || faultOf(draft) === null) this.load(view);
    this.#tell();
  }

  load(view: View): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    const { draft } = this;
    const { municipality: nis, profile } = view;
    if (!nis || !this.#isNeeded(view)) {
      this.ranked = IDLE;
      return;
    }
    void load(
      () =>
        draft
          ? profilesApi.contentRanking(nis, draft, signal)
          : profilesApi.profileRanking(nis, profile, signal),
      (value) => {
        // While a draft is being changed the ranking of a moment ago is better than none.
        if (value.status !== "loading" || !draft || this.ranked.status !== "ready") this.ranked = value;
        this.#tell();
      },
      signal,
    );
  }

  /** Units with the scores of the profile in force, or without any until those came. */
  scored(points: Points, view: View): Points {
    if (!this.#isNeeded(view)) return points;
    const ranked = ready(this.ranked);
    return ranked ? this.#profiled(points, ranked) : this.#scoreless(points);
  }

  #isNeeded({ profile, on }: View): boolean {
    return !on && (profile !== GENERAL || this.draft !== null);
  }
}
