/** A code and the words for it. */
export type Choice = readonly [code: string, words: string];

/**
 * Those choices, and what was chosen before where they do not hold it: a list that is still on its way, or that leaves
 * out what may not be chosen any more, must not lose it when its form is saved.
 */
export function keeping(choices: readonly Choice[], chosen: string | null, words: string): readonly Choice[] {
  if (!chosen || choices.some(([code]) => code === chosen)) return choices;
  return [...choices, [chosen, words]];
}
