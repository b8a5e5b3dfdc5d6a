import { type Cut, cutSide, type Overlap, pieceLength } from "./tiles.js";

/** Tiles of one size that cover an image. */
export interface TileGrid {
  readonly rows: Cut;
  readonly columns: Cut;
}

/**
 * Cuts an image into the tiles that have the fewest pixels in all: what overlaps or is padded is computed more than once.
 * @param pixelsOf the pixels of a tile with its padding, infinite for a tile that is too large; one of 128×128 must not be.
 */
export function cutImage(
  { width, height }: { readonly width: number; readonly height: number },
  overlap: Overlap,
  pixelsOf: (height: number, width: number) => number,
): TileGrid {
  const heights = pieceLengths(height, overlap);
  let best: TileGrid | undefined;
  let fewest = Infinity;
  pieceLengths(width, overlap).forEach((wide, i) => {
    // More and lower tiles overlap more.
    const j = heights.findIndex((high) => pixelsOf(high, wide) < Infinity);
    if (j < 0) return;
    const pixels = (i + 1) * (j + 1) * pixelsOf(heights[j], wide);
    if (pixels >= fewest) return;
    best = { rows: cutSide(height, j + 1, heights[j]), columns: cutSide(width, i + 1, wide) };
    fewest = pixels;
  });
  // A device takes at least tiles of MIN_TILE, see `upscaleInTiles`.
  return best as unknown as TileGrid;
}

/** The lengths of one piece, of two, … of a side. */
function pieceLengths(side: number, overlap: Overlap): number[] {
  const lengths: number[] = [];
  for (let count = 1; ; count++) {
    const length = pieceLength(side, count, overlap);
    if (length === undefined) return lengths;
    lengths.push(length);
  }
}
