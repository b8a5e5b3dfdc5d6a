import { RandomStream } from "../../engine/random.js";
import type { RgbImage } from "../../image/rgb-image.js";
import { letterLines } from "./letters.js";
import { type Color, Sheet } from "./paint.js";

const PAPER: Color = [0.95, 0.91, 0.82];
const INK: Color = [0.1, 0.13, 0.22];
const COLORS: readonly Color[] = [
  [0.83, 0.28, 0.2],
  [0.93, 0.68, 0.2],
  [0.16, 0.42, 0.5],
  [0.42, 0.6, 0.44],
];

/** A poster: lettering of many sizes, rings, discs and rays. */
export function drawPoster(width: number, height: number): RgbImage {
  const random = new RandomStream(11, 0);
  const sheet = new Sheet(width, height, PAPER);
  const color = (): Color => COLORS[Math.floor(random.uniformIn(0, COLORS.length))] as Color;

  const sun = [0.72 * width, 0.4 * height] as const;
  for (let ray = 0; ray < 36; ray++) {
    const angle = (ray * Math.PI) / 18;
    const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
    const far = (ray % 2 ? 0.34 : 0.42) * height;
    const near = 0.25 * height;
    sheet.line(
      [sun[0] + near * cos, sun[1] + near * sin, sun[0] + far * cos, sun[1] + far * sin],
      ray % 3 ? 2 : 5,
      COLORS[1] as Color,
    );
  }
  for (let ring = 0; ring < 7; ring++) {
    const radius = (0.22 - 0.03 * ring) * height;
    sheet.disc(...sun, radius, ring % 2 ? PAPER : (COLORS[0] as Color));
  }
  for (let dot = 0; dot < 60; dot++) {
    const radius = 1.5 + 14 * random.uniform() ** 3;
    const x = random.uniformIn(0, 0.46 * width);
    const y = random.uniformIn(0.42 * height, 0.74 * height);
    sheet.disc(x, y, radius, color(), dot % 3 ? 0 : 0.6 * radius);
  }
  write(sheet, "BLUR IS", 0.05, 0.08, 0.12, 9);
  write(sheet, "A KERNEL", 0.05, 0.25, 0.085, 5);
  let top = 0.78;
  for (const size of [0.04, 0.033, 0.027, 0.022, 0.018]) {
    write(sheet, "RULES SHAPE SIGNALS LEARN ", 0.05, top, size, 0.9 + 25 * size);
    top += 1.5 * size;
  }
  return sheet.image;
}

/** Place and height as parts of the sheet's sides. */
function write(sheet: Sheet, text: string, left: number, top: number, size: number, thickness: number): void {
  const { width, height } = sheet;
  for (const piece of letterLines(text, left * width, top * height, size * height)) {
    sheet.line(piece, thickness, INK);
  }
}
