/** Letters as strokes between points on a grid of 4×6, `x` to the right and `y` down: `x y` pairs, a stroke each. */
const STROKES: Readonly<Record<string, readonly (readonly number[])[]>> = {
  A: [
    [0, 6, 2, 0, 4, 6],
    [0.7, 4, 3.3, 4],
  ],
  B: [
    [0, 0, 0, 6, 3, 6, 4, 5, 4, 4, 3, 3, 0, 3],
    [0, 0, 3, 0, 3.7, 0.8, 3.7, 2.2, 3, 3],
  ],
  E: [
    [4, 0, 0, 0, 0, 6, 4, 6],
    [0, 3, 3, 3],
  ],
  G: [[4, 1, 3, 0, 1, 0, 0, 1, 0, 5, 1, 6, 3, 6, 4, 5, 4, 3, 2.4, 3]],
  I: [[2, 0, 2, 6]],
  K: [
    [0, 0, 0, 6],
    [4, 0, 0, 3.4],
    [1.4, 2.4, 4, 6],
  ],
  L: [[0, 0, 0, 6, 4, 6]],
  N: [[0, 6, 0, 0, 4, 6, 4, 0]],
  R: [
    [0, 6, 0, 0, 3, 0, 4, 1, 4, 2.2, 3, 3.2, 0, 3.2],
    [2, 3.2, 4, 6],
  ],
  S: [[4, 1, 3, 0, 1, 0, 0, 1, 0, 2, 1, 3, 3, 3, 4, 4, 4, 5, 3, 6, 1, 6, 0, 5]],
  U: [[0, 0, 0, 5, 1, 6, 3, 6, 4, 5, 4, 0]],
  P: [[0, 6, 0, 0, 3, 0, 4, 1, 4, 2.2, 3, 3.2, 0, 3.2]],
  H: [
    [0, 0, 0, 6],
    [4, 0, 4, 6],
    [0, 3, 4, 3],
  ],
  " ": [],
};

/** From one letter to the next, on the same grid. */
const ADVANCE = 5.6;

/** The straight pieces of a line of capital letters whose height is `height`. */
export function letterLines(
  text: string,
  left: number,
  top: number,
  height: number,
): (readonly [number, number, number, number])[] {
  const unit = height / 6;
  return [...text].flatMap((letter, index) => {
    const x = (value: number): number => left + unit * (value + index * ADVANCE);
    const y = (value: number): number => top + unit * value;
    return (STROKES[letter] ?? []).flatMap((stroke) => {
      const pieces: (readonly [number, number, number, number])[] = [];
      for (let i = 0; i + 3 < stroke.length; i += 2) {
        const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = stroke.slice(i, i + 4);
        pieces.push([x(x0), y(y0), x(x1), y(y1)]);
      }
      return pieces;
    });
  });
}
