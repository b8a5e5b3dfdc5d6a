import { RandomStream } from "../../src/engine/random.js";
import { type RgbImage, rgbImage } from "../../src/image/rgb-image.js";

/** An image with edges in many directions, and noise. */
export function testImage(width: number, height: number): RgbImage {
  const random = new RandomStream(1, 0);
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => {
    const x = i % width;
    const y = Math.floor(i / width) % height;
    const edges = Math.sin(x * x * 4e-4 + 0.02 * y) * Math.sin(y * y * 3e-4) > 0 ? 0.5 : 0.2;
    return edges + 0.2 * random.uniform();
  });
  return rgbImage(width, height, data);
}
