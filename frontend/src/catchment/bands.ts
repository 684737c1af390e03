/** Near to far: the nearest is the darkest. */
export const BAND_COLOURS = ["#3a2a78", "#6d58b5", "#a394d6"] as const;
