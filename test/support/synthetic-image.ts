import { RandomStream } from "../../src/engine/random.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";

/**
 * A deterministic image with waves, edges and noise, a little of it below 0 and above 1; the script
 * tools/reference/image_maths.py makes the same. Rounded to multiples of 1/65535, so that no rounding of a sine shows.
 */
export function syntheticImage(seed: number, width: number, height: number): RgbImage {
  const random = new RandomStream(seed, 0);
  const data = new Float32Array(3 * width * height);
  let i = 0;
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const waves = 0.2 * Math.sin(x * 0.21 + c) * Math.cos(y * 0.13);
        const edge = (x + 2 * y + 5 * c) % 40 < 13 ? 0.4 : 0;
        const value = 0.3 + waves + edge + 0.3 * (random.uniform() - 0.5);
        data[i++] = Math.round(value * 65535) / 65535;
      }
    }
  }
  return rgbImage(width, height, data);
}
