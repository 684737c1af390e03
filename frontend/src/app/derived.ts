import type { Points } from "../api/types.ts";
import { droppedForUnknownArea, type Filters, filterUnits, searchTexts } from "../places/filter.ts";
import { sortUnits } from "../places/sort.ts";
import { type RankRange, rankRange } from "../score/rank-range.ts";
import { knownCodes, matrixOf, missingOf, type Ranking, rerank, type Weights } from "../score/ranking.ts";
import { collator } from "../text/format.ts";
import { language } from "../text/index.ts";
import { latest } from "../ui/loadable.ts";
import type { View } from "./view.ts";

/** What follows from the view and what was loaded, computed again only when one of them changes. */
export class Derived {
  readonly #matrix = latest(matrixOf);
  readonly #texts = latest(searchTexts);
  readonly #filtered = latest(filterUnits);
  readonly #dropped = latest(droppedForUnknownArea);
  readonly #sorted = latest(sortUnits);
  readonly #collator = latest((_language: string) => collator());
  readonly #own = latest(rerank);
  readonly #stored = latest((points: Points): Ranking => {
    const rank = Int32Array.from(points.rank, (value) => value ?? 0);
    return {
      score: Float64Array.from(points.score, (value) => value ?? Number.NaN),
      rank,
      missing: missingOf(this.#matrix(points)),
      of: rank.reduce((count, value) => count + (value > 0 ? 1 : 0), 0),
    };
  });

  readonly storedRange = latest(
    (points: Points): RankRange => ({
      lower: Int32Array.from(points.rank_lower, (value) => value ?? 0),
      upper: Int32Array.from(points.rank_upper, (value) => value ?? 0),
    }),
  );

  /** Scores and ranks under the weights in force: those of the server until somebody moves one. */
  ranking(points: Points, weights: Weights | null): Ranking {
    return weights ? this.#own(this.#matrix(points), weights) : this.#stored(points);
  }

  /** Criteria of which something is known here. */
  readonly known = latest((points: Points) => knownCodes(this.#matrix(points)));

  range(points: Points, weights: Weights): RankRange {
    return rankRange(this.#matrix(points), weights);
  }

  filtered(points: Points, filters: Filters): number[] {
    return this.#filtered(points, filters, this.#texts(points));
  }

  sorted(points: Points, view: View, ranking: Ranking): number[] {
    return this.#sorted(
      points,
      this.filtered(points, view.filters),
      view.sort,
      ranking,
      this.#collator(language()),
    );
  }

  dropped(points: Points, filters: Filters): number {
    return this.#dropped(points, filters, this.#texts(points));
  }
}
