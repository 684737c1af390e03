/** The sheet over the lower part of the map on a small screen. */
export const SHEET_SIZES = ["peek", "half", "full"] as const;
export type SheetSize = (typeof SHEET_SIZES)[number];

const SHARES: Record<SheetSize, number> = { peek: 0.16, half: 0.52, full: 0.94 };

/** What a press on the handle does: larger each time, and from the largest back to the smallest. */
export function nextSize(size: SheetSize): SheetSize {
  return SHEET_SIZES[(SHEET_SIZES.indexOf(size) + 1) % SHEET_SIZES.length]!;
}

/** The size that lies nearest to a height, as a share of the room there is. */
export function nearestSize(share: number): SheetSize {
  return SHEET_SIZES.reduce((best, size) =>
    Math.abs(SHARES[size] - share) < Math.abs(SHARES[best] - share) ? size : best,
  );
}

/** Follow a finger on the handle; a press without movement stays a press. */
export function dragSheet(event: PointerEvent, sheet: HTMLElement, set: (size: SheetSize) => void): void {
  const handle = event.currentTarget as HTMLElement;
  const room = sheet.parentElement!.clientHeight;
  const startY = event.clientY;
  const startHeight = sheet.clientHeight;
  let hasMoved = false;
  const move = (moved: PointerEvent) => {
    const distance = startY - moved.clientY;
    hasMoved ||= Math.abs(distance) > 6;
    if (hasMoved) sheet.style.height = `${Math.max(60, Math.min(room, startHeight + distance))}px`;
  };
  const end = () => {
    handle.removeEventListener("pointermove", move);
    handle.removeEventListener("pointerup", end);
    handle.removeEventListener("pointercancel", end);
    if (!hasMoved) return;
    set(nearestSize(sheet.clientHeight / room));
    sheet.style.height = "";
    // The click that ends a drag must not count as a press.
    handle.addEventListener("click", (click) => click.stopImmediatePropagation(), {
      capture: true,
      once: true,
    });
  };
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", move);
  handle.addEventListener("pointerup", end);
  handle.addEventListener("pointercancel", end);
}
