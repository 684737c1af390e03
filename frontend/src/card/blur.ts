/** A part of a picture, pixels. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

const LEAST_BLOCK_PX = 16;
const BLOCKS_ACROSS = 5;

/** So coarse that neither a face nor a number plate can be read back. */
export function blockOf({ width, height }: Box): number {
  return Math.max(LEAST_BLOCK_PX, Math.ceil(Math.min(width, height) / BLOCKS_ACROSS));
}

/** The part between two corners that lies in the picture, in whole pixels. */
export function boxOf(a: [number, number], b: [number, number], width: number, height: number): Box {
  const within = (value: number, most: number) => Math.round(Math.min(Math.max(value, 0), most));
  const [left, right] = [within(Math.min(a[0], b[0]), width), within(Math.max(a[0], b[0]), width)];
  const [top, bottom] = [within(Math.min(a[1], b[1]), height), within(Math.max(a[1], b[1]), height)];
  return { x: left, y: top, width: right - left, height: bottom - top };
}

/** Give every block of a part the mean colour of its pixels, RGBA; what stood there is gone. */
export function pixelate(data: Uint8ClampedArray, width: number, box: Box): void {
  const block = blockOf(box);
  for (let top = box.y; top < box.y + box.height; top += block)
    for (let left = box.x; left < box.x + box.width; left += block)
      level(data, width, {
        x: left,
        y: top,
        width: Math.min(block, box.x + box.width - left),
        height: Math.min(block, box.y + box.height - top),
      });
}

function level(data: Uint8ClampedArray, width: number, { x, y, width: across, height: down }: Box): void {
  const sums = [0, 0, 0];
  const each = (work: (at: number) => void) => {
    for (let row = y; row < y + down; row += 1)
      for (let column = x; column < x + across; column += 1) work(4 * (row * width + column));
  };
  each((at) => {
    for (let band = 0; band < 3; band += 1) sums[band]! += data[at + band]!;
  });
  each((at) => {
    for (let band = 0; band < 3; band += 1) data[at + band] = sums[band]! / (across * down);
  });
}
