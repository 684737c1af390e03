/** A tile address as servers count it: 256 pixels wide at zoom `z`. */
export interface TileAddress {
  z: number;
  x: number;
  y: number;
}

/** One piece of data for a drawn tile: `tile` drawn at `scale` times its size, from `(left, top)` in drawn-tile widths. */
export interface Piece {
  tile: TileAddress;
  scale: number;
  left: number;
  top: number;
}

/**
 * The data tiles that fill one drawn tile.
 *
 * A drawn tile is 512 pixels wide, so it covers what a server calls the tile of one zoom lower. Deeper than `maxZoom`
 * a part of one larger tile is drawn again; above `minZoom` several smaller ones are put together.
 */
export function piecesOf(drawn: TileAddress, minZoom: number, maxZoom: number): Piece[] {
  const z = Math.min(Math.max(drawn.z, minZoom), maxZoom);
  if (z <= drawn.z) {
    const ratio = 2 ** (drawn.z - z);
    const x = Math.floor(drawn.x / ratio);
    const y = Math.floor(drawn.y / ratio);
    return [{ tile: { z, x, y }, scale: ratio, left: x * ratio - drawn.x, top: y * ratio - drawn.y }];
  }
  const count = 2 ** (z - drawn.z);
  const pieces: Piece[] = [];
  for (let row = 0; row < count; row += 1) {
    for (let column = 0; column < count; column += 1) {
      pieces.push({
        tile: { z, x: drawn.x * count + column, y: drawn.y * count + row },
        scale: 1 / count,
        left: column / count,
        top: row / count,
      });
    }
  }
  return pieces;
}
