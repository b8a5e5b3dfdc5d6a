import { mirror } from "../image/mirror.js";

const POLE = Math.sqrt(3) - 2;

/**
 * Shifts a grid by any fraction of a pixel with an interpolating cubic B-spline, zero outside; the same numbers as
 * SciPy's `ndimage.shift(values, [down, right], order=3, mode="constant")`, in which a pixel that comes from
 * beyond the outermost samples becomes zero as a whole, while the spline itself is mirrored at them.
 * @param values `height · width` numbers, row by row.
 */
export function splineShift(
  values: Float64Array,
  height: number,
  width: number,
  down: number,
  right: number,
): Float64Array {
  const coefficients = values.slice();
  for (let y = 0; y < height; y++) prefilter(coefficients, y * width, 1, width);
  for (let x = 0; x < width; x++) prefilter(coefficients, x, width, height);

  const rows = Array.from({ length: height }, (_, y) => splineTaps(y - down, height));
  const columns = Array.from({ length: width }, (_, x) => splineTaps(x - right, width));
  const shifted = new Float64Array(height * width);
  rows.forEach((rowTaps, y) => {
    columns.forEach((columnTaps, x) => {
      let sum = 0;
      for (const [row, rowWeight] of rowTaps) {
        for (const [column, columnWeight] of columnTaps) {
          sum += coefficients[row * width + column] * rowWeight * columnWeight;
        }
      }
      shifted[y * width + x] = sum;
    });
  });
  return shifted;
}

/** Turns samples of one line into cubic B-spline coefficients in place, with the line mirrored at its end samples. */
function prefilter(line: Float64Array, offset: number, stride: number, length: number): void {
  if (length < 2) return;
  const at = (i: number) => offset + i * stride;
  const gain = (1 - POLE) * (1 - 1 / POLE);
  for (let i = 0; i < length; i++) line[at(i)] *= gain;

  const last = length - 1;
  const farEnd = POLE ** last;
  let start = line[at(0)] + farEnd * line[at(last)];
  for (let i = 1; i < last; i++) start += POLE ** i * (line[at(i)] + farEnd * line[at(last - i)]);
  line[at(0)] = start / (1 - farEnd * farEnd);
  for (let i = 1; i < length; i++) line[at(i)] += POLE * line[at(i - 1)];

  line[at(last)] = (POLE / (POLE * POLE - 1)) * (POLE * line[at(last - 1)] + line[at(last)]);
  for (let i = last - 1; i >= 0; i--) line[at(i)] = POLE * (line[at(i + 1)] - line[at(i)]);
}

/** The (index, weight) pairs of the spline's value at a position; none where the position is outside the samples. */
function splineTaps(position: number, length: number): [number, number][] {
  if (position < 0 || position > length - 1) return [];
  const first = Math.floor(position) - 1;
  const t = position - Math.floor(position);
  const weights = [
    (1 - t) ** 3 / 6,
    (3 * t ** 3 - 6 * t ** 2 + 4) / 6,
    (-3 * t ** 3 + 3 * t ** 2 + 3 * t + 1) / 6,
    t ** 3 / 6,
  ];
  return weights.map((weight, i) => [mirror(first + i, length), weight]);
}
