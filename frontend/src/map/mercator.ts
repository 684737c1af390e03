/** Pixel of a position, in degrees, on the canvas of a layer. */
export type Project = (lat: number, lon: number) => { x: number; y: number };

/** Web Mercator without an object per point: twenty thousand of them are projected at every move. */
export function mercator(zoom: number, origin: { x: number; y: number }): Project {
  const world = 256 * 2 ** zoom;
  return (lat, lon) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    return {
      x: ((lon + 180) / 360) * world - origin.x,
      y: (0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * world - origin.y,
    };
  };
}
