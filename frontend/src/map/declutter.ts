/** A sign on the map: its middle and size in pixels, and how much it matters. */
export interface Sign {
  x: number;
  y: number;
  width: number;
  height: number;
  weight: number;
}

/** Which signs can stand without touching one that matters more; of equals the earlier one stands. */
export function standing(signs: readonly Sign[]): boolean[] {
  const order = signs.map((_, i) => i).sort((a, b) => signs[b]!.weight - signs[a]!.weight || a - b);
  const stands = signs.map(() => false);
  const kept: Sign[] = [];
  for (const i of order) {
    const sign = signs[i]!;
    if (kept.some((other) => touches(sign, other))) continue;
    kept.push(sign);
    stands[i] = true;
  }
  return stands;
}

function touches(a: Sign, b: Sign): boolean {
  return Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;
}

/** Hide the signs of a pane that would lie on others; ask again after a zoom or when signs come and go. */
export function declutter(pane: HTMLElement): void {
  const elements = [...pane.querySelectorAll<HTMLElement>("[data-weight]")];
  const signs = elements.map((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return {
      x: left + width / 2,
      y: top + height / 2,
      width,
      height,
      weight: Number(element.dataset.weight),
    };
  });
  const stands = standing(signs);
  elements.forEach((element, i) => {
    element.classList.toggle("crowded", !stands[i]);
  });
}
