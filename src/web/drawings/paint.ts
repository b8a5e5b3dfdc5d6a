import { type RgbImage, rgbImage } from "../../image/rgb-image.js";

/** Red, green and blue, 0 to 1. */
export type Color = readonly [red: number, green: number, blue: number];

/** Distance in pixels from a place to a shape's border, negative within; `x` to the right, `y` down. */
export type Shape = (x: number, y: number) => number;

/** Left, top, right and bottom of a shape's bounding box. */
export type Bounds = readonly [left: number, top: number, right: number, bottom: number];

/** A sheet of one color to paint shapes on, with smooth borders. */
export class Sheet {
  readonly image: RgbImage;

  constructor(
    readonly width: number,
    readonly height: number,
    ground: Color,
  ) {
    const plane = width * height;
    const data = Float32Array.from({ length: 3 * plane }, (_, i) => ground[Math.floor(i / plane)] as number);
    this.image = rgbImage(width, height, data);
  }

  /** Fills a shape; `shade` varies its color from place to place. */
  fill(
    shape: Shape,
    [left, top, right, bottom]: Bounds,
    color: Color,
    shade: (x: number, y: number) => number = () => 0,
  ): void {
    const { width, height } = this;
    const { data } = this.image;
    for (let y = Math.max(0, Math.floor(top)); y < Math.min(height, bottom); y++) {
      for (let x = Math.max(0, Math.floor(left)); x < Math.min(width, right); x++) {
        const cover = Math.min(Math.max(0.5 - shape(x + 0.5, y + 0.5), 0), 1);
        if (cover === 0) continue;
        const more = shade(x, y);
        for (let channel = 0; channel < 3; channel++) {
          const i = (channel * height + y) * width + x;
          const wanted = Math.min(Math.max((color[channel] as number) + more, 0), 1);
          data[i] = (data[i] as number) * (1 - cover) + wanted * cover;
        }
      }
    }
  }

  /** A disc, or with `inner` above 0 a ring. */
  disc(x: number, y: number, radius: number, color: Color, inner = 0): void {
    const shape: Shape = (px, py) => {
      const distance = Math.hypot(px - x, py - y);
      return Math.max(distance - radius, inner > 0 ? inner - distance : -radius);
    };
    this.fill(shape, [x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1], color);
  }

  /** A line with round ends. */
  line([x0, y0, x1, y1]: readonly [number, number, number, number], thickness: number, color: Color): void {
    const dx = x1 - x0;
    const dy = y1 - y0;
    const shape: Shape = (px, py) => {
      const along = Math.min(Math.max(((px - x0) * dx + (py - y0) * dy) / (dx * dx + dy * dy || 1), 0), 1);
      return Math.hypot(px - x0 - along * dx, py - y0 - along * dy) - thickness / 2;
    };
    const margin = thickness / 2 + 1;
    this.fill(
      shape,
      [
        Math.min(x0, x1) - margin,
        Math.min(y0, y1) - margin,
        Math.max(x0, x1) + margin,
        Math.max(y0, y1) + margin,
      ],
      color,
    );
  }
}
