import { RandomStream } from "../../engine/random.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { type Color, type Shape, Sheet } from "./paint.js";

const SEED = 7;

/** Range of the leaves' half lengths in pixels; the longer, the fewer, so that all scales are alike, as in photographs. */
const SHORTEST = 4;
const LONGEST = 90;
const COUNT = 2600;

/** Leaves that fell on each other (the "dead leaves" of image statistics), each with a rib and a little grain. */
export function drawLeaves(width: number, height: number): RgbImage {
  const random = new RandomStream(SEED, 0);
  const sheet = new Sheet(width, height, [0.2, 0.16, 0.1]);
  for (let leaf = 0; leaf < COUNT; leaf++) {
    // Density 1 / length³ between the two bounds.
    const length =
      1 / Math.sqrt(random.uniformIn(1 / LONGEST ** 2, 1 / SHORTEST ** 2)) + random.uniformIn(0, 2);
    const x = random.uniformIn(0, width);
    const y = random.uniformIn(0, height);
    const angle = random.uniformIn(0, 2 * Math.PI);
    const color = leafColor(random);
    const slimness = random.uniformIn(0.28, 0.5);
    const grain = 0.05;
    sheet.fill(
      leafShape(x, y, length, slimness, angle),
      [x - length - 1, y - length - 1, x + length + 1, y + length + 1],
      color,
      () => grain * (random.uniform() - 0.5),
    );
    if (length < 9) continue;
    const [dx, dy] = [0.86 * length * Math.cos(angle), 0.86 * length * Math.sin(angle)];
    const rib = color.map((value) => Math.min(1, value + 0.22)) as unknown as Color;
    sheet.line([x - dx, y - dy, x + dx, y + dy], Math.max(1, length / 22), rib);
  }
  return sheet.image;
}

/** Two circles' common part: pointed at both ends. */
function leafShape(x: number, y: number, length: number, slimness: number, angle: number): Shape {
  const half = slimness * length;
  const radius = (length ** 2 + half ** 2) / (2 * half);
  const away = radius - half;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return (px, py) => {
    const along = cos * (px - x) + sin * (py - y);
    const across = Math.abs(cos * (py - y) - sin * (px - x));
    return Math.hypot(along, across + away) - radius;
  };
}

/** From green over yellow to red. */
function leafColor(random: RandomStream): Color {
  const ripe = random.uniform() ** 1.6;
  const light = random.uniformIn(0.35, 1);
  const mix = (green: number, yellow: number, red: number): number => {
    const value = ripe < 0.5 ? green + 2 * ripe * (yellow - green) : yellow + (2 * ripe - 1) * (red - yellow);
    return light * value;
  };
  return [mix(0.28, 0.86, 0.72), mix(0.55, 0.68, 0.22), mix(0.18, 0.2, 0.12)];
}
