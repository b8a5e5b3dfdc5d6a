import type { StoredSample } from "../../src/train/guided/patch.js";
import type { SampleFile } from "../../src/train/guided/sample-source.js";
import { halfFloats } from "../../src/weights/half-floats.js";
import fixture from "../fixtures/photos-training.json";

/** The samples from which photos-training.py trains; see there. */
export function trainingSamples(): SampleFile[] {
  const { files, count, height, width } = fixture.pool;
  return Array.from({ length: files }, (_, file) => ({
    count,
    height,
    width,
    scale: fixture.config.scale,
    cameras: Array.from({ length: count }, () => 0.5),
    read: (index) => sample(file * count + index),
  }));
}

/** Bytes of a linear congruential generator. */
function noise(seed: number, count: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function sample(number: number): StoredSample {
  const { height, width, kernel: side } = fixture.pool;
  const { scale } = fixture.config;
  const [H, W] = [scale * height, scale * width];
  const rough = noise(number, 3 * H * W);
  const sharp = rough.map((value, place) => {
    const [column, row, color] = [place % W, Math.floor(place / W) % H, Math.floor(place / (H * W))];
    const waves = (5 + number) * row + (3 + 2 * number) * column + 40 * color;
    return Math.abs((waves % 240) - 120) + 40 + Math.floor(value / 8);
  });
  const small = Uint8Array.from({ length: 3 * height * width }, (_, place) => {
    const column = (place % width) * scale;
    const row = Math.floor(place / width) * scale;
    let sum = 0;
    for (let i = 0; i < scale; i++) {
      for (let j = 0; j < scale; j++) sum += sharp[(row + i) * W + column + j] as number;
    }
    return Math.floor(sum / scale ** 2);
  });
  const guesses = [0, 1].flatMap((which) => {
    const off = noise(10 + 2 * number + which, 3 * H * W);
    return sharp.map((value, i) => (value + Math.floor((off[i] as number) / (8 / (which + 1))) - 8) / 256);
  });
  const kernel = noise(30 + number, side ** 2);
  kernel[0] = (kernel[0] as number) + 700;
  return {
    small,
    sharp: Uint8Array.from(sharp),
    guesses: new DataView(halfFloats(guesses).buffer),
    kernel: Float32Array.from(kernel, (value) => value / 4096),
    conditions: Float32Array.from(fixture.conditions[number] as number[]),
  };
}
