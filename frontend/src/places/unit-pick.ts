/** The nearest drawn position within `reach` pixels; of equals the one drawn last, which lies on top. */
export function nearestIndex(positions: Float32Array, x: number, y: number, reach: number): number | null {
  let best: number | null = null;
  let bestSquared = reach * reach;
  for (let n = positions.length / 2 - 1; n >= 0; n -= 1) {
    const dx = positions[2 * n]! - x;
    const dy = positions[2 * n + 1]! - y;
    const squared = dx * dx + dy * dy;
    if (squared < bestSquared) {
      bestSquared = squared;
      best = n;
    }
  }
  return best;
}

/** Whether a symbol would lie on one of at least its order that is already drawn in the same cell. */
export function thinned(
  isOn: boolean,
  cellPx: number,
  size: { width: number; height: number },
): (x: number, y: number, order: number) => boolean {
  if (!isOn) return () => false;
  const columns = Math.ceil((size.width + 60) / cellPx);
  const rows = Math.ceil((size.height + 60) / cellPx);
  const taken = new Int8Array(columns * rows).fill(-1);
  return (x, y, order) => {
    const cell = Math.floor((y + 30) / cellPx) * columns + Math.floor((x + 30) / cellPx);
    if (taken[cell]! >= order) return true;
    taken[cell] = order;
    return false;
  };
}
