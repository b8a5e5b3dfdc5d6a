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
  let best: TileGrid | undefined;
  let fewest = Infinity;
  for (let across = 1, wide = width; wide; wide = pieceLength(width, ++across, overlap)) {
    for (let down = 1, high = height; high; high = pieceLength(height, ++down, overlap)) {
      const pixels = across * down * pixelsOf(high, wide);
      if (pixels < fewest) {
        best = { rows: cutSide(height, down, high), columns: cutSide(width, across, wide) };
        fewest = pixels;
      }
      // More and lower tiles overlap more.
      if (pixels < Infinity) break;
    }
  }
  // A device takes at least tiles of MIN_TILE, see `upscaleInTiles`.
  return best as TileGrid;
}
