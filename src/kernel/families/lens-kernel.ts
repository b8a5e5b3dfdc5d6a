import type { OddKernel } from "../odd-kernel.js";
import type { BlurShape, LensBlur } from "./blur-shape.js";
import { normalCdf } from "./normal-cdf.js";
import { shapePoints } from "./shape-points.js";

/** Standard deviations of a Gaussian beyond which nothing is kept. */
const TAILS = 3.2;

/** A smaller part of a point's light does not count. */
const NEGLIGIBLE = 1e-12;

/** Points along a pixel's side where an anisotropic Gaussian is sampled. */
const FINE = 4;

/** What a blur makes of a point of light: the mean over each pixel of the large image; centered on the middle pixel. */
export function lensKernel({ shape, lens }: LensBlur): OddKernel {
  return normalized(shape.kind === "gauss" ? gaussian(shape, lens) : softened(shape, lens));
}

function gaussian(
  { sigmas: [along, across], angle }: Extract<BlurShape, { kind: "gauss" }>,
  lens: number,
): OddKernel {
  const [a, b] = [along ** 2 + lens ** 2, across ** 2 + lens ** 2];
  const half = Math.ceil(TAILS * Math.sqrt(Math.max(a, b)));
  const size = 2 * half + 1;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const points = Array.from({ length: FINE }, (_, i) => (i + 0.5) / FINE - 0.5);
  const values = Float64Array.from({ length: size ** 2 }, (_, i) => {
    let sum = 0;
    for (const down of points) {
      for (const right of points) {
        const x = (i % size) - half + right;
        const y = Math.floor(i / size) - half + down;
        sum += Math.exp(-((cos * x + sin * y) ** 2 / a + (cos * y - sin * x) ** 2 / b) / 2);
      }
    }
    return sum;
  });
  return { size, values };
}

/** The sum of the lens's Gaussians around a shape's points. */
function softened(shape: Exclude<BlurShape, { kind: "gauss" }>, lens: number): OddKernel {
  const points = shapePoints(shape);
  const reach = Math.max(...points.flat().map(Math.abs));
  const half = Math.ceil(reach + TAILS * lens);
  const size = 2 * half + 1;
  const values = new Float64Array(size ** 2);
  const share = (place: number): Float64Array =>
    Float64Array.from(
      { length: size },
      (_, i) => normalCdf((i - half + 0.5 - place) / lens) - normalCdf((i - half - 0.5 - place) / lens),
    );
  for (const [right, down] of points) {
    const columns = share(right);
    // A point's light reaches a few pixels only.
    const first = columns.findIndex((weight) => weight > NEGLIGIBLE);
    const last = columns.findLastIndex((weight) => weight > NEGLIGIBLE);
    share(down).forEach((weight, row) => {
      if (weight < NEGLIGIBLE) return;
      for (let column = first; column <= last; column++) {
        values[row * size + column] += weight * columns[column];
      }
    });
  }
  return { size, values };
}

function normalized({ size, values }: OddKernel): OddKernel {
  const sum = values.reduce((total, value) => total + value, 0);
  return { size, values: values.map((value) => value / sum) };
}
