import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { BLUR_FAMILIES, type BlurScene, type ScenePhoto } from "../../train/spectral/blur-scene.js";
import { bytesOf, encodeTensors, imageBytes, type SampleTensor } from "./sample-tensors.js";

/** Side of the kernels, whose middle lies between the two middle values. */
const SIDE = 32;

/** What a file says of each photo, in this order; noise in 255ths, qualities 0 without JPEG. */
const FACTS = [
  "white noise, -1 of a camera's",
  "noise before JPEG",
  "noise after JPEG",
  "brightness noise before JPEG",
  "brightness noise after JPEG",
  "first JPEG quality",
  "last JPEG quality",
  "unsharp",
  "resize",
] as const;

/** A scene with its photos after JPEG. */
export interface FinishedScene {
  readonly scene: BlurScene;
  readonly finished: readonly RgbImage[];
}

/**
 * A file of scenes of one size, in the safetensors format. For each photo:
 * - `small` U8 [N, 3, h, w]: its bytes;
 * - `kernel` F32 [N, 32, 32], middle between the values 15 and 16, cut off at the sides;
 * - `family` U8 [N], an index of the families in the metadata, separated by semicolons;
 * - `scene` F32 [N]: the number of its scene;
 * - `facts` F32 [N, 9], whose names are in the metadata, separated by semicolons.
 */
export function encodeSceneShard(scenes: readonly FinishedScene[], firstScene: number): Uint8Array {
  const entries = scenes.flatMap(({ scene, finished }, i) =>
    scene.photos.map((photo, j) => ({ scene, photo, small: finished[j], number: firstScene + i })),
  );
  const { width, height } = entries[0].small;
  const count = entries.length;
  const tensors: SampleTensor[] = [
    ["small", "U8", [count, 3, height, width], entries.map(({ small }) => imageBytes(small))],
    ["kernel", "F32", [count, SIDE, SIDE], entries.map(({ scene }) => bytesOf(onEvenGrid(scene.kernel)))],
    ["family", "U8", [count], entries.map(({ scene }) => Uint8Array.of(BLUR_FAMILIES.indexOf(scene.family)))],
    ["scene", "F32", [count], entries.map(({ number }) => bytesOf(Float32Array.of(number)))],
    [
      "facts",
      "F32",
      [count, FACTS.length],
      entries.map(({ photo, small }) => bytesOf(Float32Array.from(factsOf(photo, small)))),
    ],
  ];
  return encodeTensors(tensors, { families: BLUR_FAMILIES.join(";"), facts: FACTS.join(";") });
}

function factsOf(photo: ScenePhoto, small: RgbImage): number[] {
  const { image, noiseFree, qualities, whiteNoise = -1, unsharp, resize } = photo;
  return [
    whiteNoise,
    deviation(image, noiseFree, false),
    deviation(small, noiseFree, false),
    deviation(image, noiseFree, true),
    deviation(small, noiseFree, true),
    qualities[0] ?? 0,
    qualities.at(-1) ?? 0,
    unsharp,
    resize,
  ];
}

/** Root of the mean squared difference of all colors or of the brightness, in 255ths. */
function deviation(a: RgbImage, b: RgbImage, ofBrightness: boolean): number {
  const pixels = a.width * a.height;
  const difference = a.data.map((value, i) => value - b.data[i]);
  let sum = 0;
  for (let i = 0; i < pixels; i++) {
    const [red, green, blue] = [difference[i], difference[pixels + i], difference[2 * pixels + i]];
    sum += ofBrightness
      ? (0.299 * red + 0.587 * green + 0.114 * blue) ** 2
      : (red ** 2 + green ** 2 + blue ** 2) / 3;
  }
  return 255 * Math.sqrt(sum / pixels);
}

/** A kernel of the natural grid, whose center lies half a pixel after the middle of its odd side, on 32×32. */
function onEvenGrid({ size, values }: BlurKernel<"correlation">): Float32Array {
  const start = SIDE / 2 - 1 - (size - 1) / 2;
  const grid = new Float32Array(SIDE ** 2);
  values.forEach((value, i) => {
    const [row, column] = [start + Math.floor(i / size), start + (i % size)];
    if (Math.min(row, column) >= 0 && Math.max(row, column) < SIDE) grid[row * SIDE + column] = value;
  });
  return grid;
}
