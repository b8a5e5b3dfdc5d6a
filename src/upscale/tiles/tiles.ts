/** How a side of an image is cut into pieces. */
export interface Cut {
  /** Every piece has this length, so that one recording serves all. */
  readonly length: number;
  readonly starts: readonly number[];
}

/** How neighboring pieces overlap, in pixels. */
export interface Overlap {
  /** At the end of a piece, not used: too much of their surroundings is missing. */
  readonly margin: number;
  /** Over which one piece fades into the next. */
  readonly ramp: number;
}

/** Enough for a network that halves its image three times. */
export const WIDE_OVERLAP: Overlap = { margin: 40, ramp: 16 };

/** Pieces start at multiples of this: a network that halves its image three times depends on a pixel's place in it. */
const GRID = 8;

/** By how much neighboring pieces overlap at least. */
export function overlapLength({ margin, ramp }: Overlap): number {
  return 2 * margin + ramp;
}

/** An overlap that takes at most half of a piece: a short one would be little else. */
export function fitOverlap({ margin, ramp }: Overlap, longest: number): Overlap {
  return { margin: Math.min(margin, Math.floor((longest / 2 - ramp) / 2)), ramp };
}

/** A longer piece than this leaves something to advance by once overlap and grid are taken off; see {@link cutSide}. */
export const MIN_PIECE = overlapLength(WIDE_OVERLAP) + 2 * GRID;

/**
 * The length of so many pieces of a side that overlap their neighbors enough. One piece is the whole side.
 * @returns 0 if the pieces would be nothing but overlap.
 */
export function pieceLength(side: number, count: number, overlap: Overlap): number {
  const stride = Math.floor((side - overlapLength(overlap)) / count / GRID) * GRID;
  return count === 1 || stride > 0 ? side - (count - 1) * stride : 0;
}

/** Cuts a side into pieces of their {@link pieceLength}. */
export function cutSide(side: number, count: number, length: number): Cut {
  const starts = Array.from({ length: count }, (_, i) => i && (i * (side - length)) / (count - 1));
  return { length, starts };
}

/**
 * The weight of each pixel of each piece in the whole, for pieces that are `scale` times as long as they were cut. The
 * weights of a pixel sum to 1; at the ends of the side a piece counts in full.
 */
export function fade(side: number, cut: Cut, scale: number, { margin, ramp } = WIDE_OVERLAP): Float32Array[] {
  const share = (distance: number): number => Math.min(Math.max((distance - margin) / ramp, 0), 1);
  const total = new Float32Array(side * scale);
  const pieces = cut.starts.map((start) =>
    Float32Array.from({ length: cut.length * scale }, (_, i) => {
      const place = (i + 0.5) / scale;
      const before = start === 0 ? 1 : share(place);
      const after = start + cut.length === side ? 1 : share(cut.length - place);
      total[start * scale + i] += before * after;
      return before * after;
    }),
  );
  return pieces.map((piece, which) =>
    piece.map((weight, i) => weight / (total[(cut.starts[which] as number) * scale + i] as number)),
  );
}
