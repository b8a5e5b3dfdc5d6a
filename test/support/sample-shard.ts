import { roundToBytes } from "../../src/image/round-to-bytes.js";
import { blurKernel } from "../../src/kernel/blur-kernel.js";
import { encodeShard, type ShardEntry } from "../../src/node/runs/sample-shard.js";
import { syntheticImage } from "./synthetic-image.js";

/** Side of the kernels of {@link shardEntries}. */
const SIDE = 5;

/** Synthetic samples of one size, which is that of the small image. */
export function shardEntries(
  count: number,
  size: { readonly height: number; readonly width: number; readonly scale: number },
): ShardEntry[] {
  const { height, width, scale } = size;
  return Array.from({ length: count }, (_, i) => {
    const image = (seed: number, factor: number) =>
      roundToBytes(syntheticImage(seed + i, width * factor, height * factor));
    const values = Array.from({ length: SIDE ** 2 }, (_value, place) => (place + 1 + i) / 512);
    return {
      sample: {
        small: image(10, 1),
        sharp: image(20, scale),
        guesses: [image(30, scale), image(40, scale)],
        kernel: blurKernel(values, scale),
        conditions: [3, 1, 0.02, 3, -0.5, 2, 4, 9, 2.5, 0.75, 0.5, 60, 0.25].map((value) => value + i / 8),
      },
      kind: "camera",
      kernelGiven: false,
    };
  });
}

/** A file of them. */
export function sampleShard(...[count, size]: Parameters<typeof shardEntries>): Uint8Array {
  return encodeShard(shardEntries(count, size), size.scale);
}
