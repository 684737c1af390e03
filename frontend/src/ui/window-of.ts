/** The rows of a long list that are in view, and a few around them. */
export function windowOf(
  top: number,
  height: number,
  rowHeight: number,
  count: number,
  margin: number,
): { from: number; to: number } {
  const from = Math.max(0, Math.floor(top / rowHeight) - margin);
  const to = Math.min(count, Math.ceil((top + height) / rowHeight) + margin);
  return { from: Math.min(from, to), to };
}
