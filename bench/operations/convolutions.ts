import { conv2d } from "../../src/engine/ops/convolution/conv2d.js";
import { downsample2x2, upsample2x2 } from "../../src/engine/ops/convolution/conv2x2.js";
import { conv3x3 } from "../../src/engine/ops/convolution/conv3x3.js";
import { unfold } from "../../src/engine/ops/convolution/unfold.js";
import { winogradConv3x3 } from "../../src/engine/ops/convolution/winograd-conv3x3.js";
import { type Arguments, type Operation, sum, unravel, value } from "./operation.js";

const SIZES = ["inputs", "outputs", "height", "width"];
const BATCH = ["images", 1] as const;

/** The sizes of a convolution of images by square kernels. */
function sizesOf({ sizes: [I = 0, O = 0, H = 0, W = 0], numbers }: Arguments) {
  const { k = 3, s = 1, p = 0, n = 1 } = numbers;
  const side = (length: number): number => Math.floor((length + 2 * p - k) / s) + 1;
  return { I, O, H, W, k, s, p, n, outH: side(H), outW: side(W) };
}

type Sizes = ReturnType<typeof sizesOf>;

/** A cross-correlation at a place of its result, with zeros around the image. */
function correlation(
  { I, O, H, W, k, s, p, outH, outW }: Sizes,
  [x, w]: readonly Float32Array[],
  at: number,
): number {
  const [n = 0, o = 0, row = 0, column = 0] = unravel(at, [O, outH, outW]);
  return sum(I * k * k, (tap) => {
    const [i = 0, dy = 0, dx = 0] = unravel(tap, [k, k]);
    const [y, z] = [row * s + dy - p, column * s + dx - p];
    if (y < 0 || y >= H || z < 0 || z >= W) return 0;
    return value(x, ((n * I + i) * H + y) * W + z) * value(w, (o * I + i) * k * k + dy * k + dx);
  });
}

/** The same of a 3×3 convolution whose result is as large as the image. */
function sameSize({ sizes, numbers }: Arguments, inputs: readonly Float32Array[], at: number): number {
  return correlation(sizesOf({ sizes, numbers: { ...numbers, k: 3, p: 1 } }), inputs, at);
}

const fourfold = (count: number): number => 4 * Math.ceil(count / 4);

const correlationWork = ({ I, O, k, n, outH, outW }: Sizes): number => n * O * I * k * k * outH * outW;

export const CONVOLUTIONS: readonly Operation[] = [
  {
    name: "conv2d",
    covers: "conv2d",
    sizes: SIZES,
    numbers: { k: ["side of the kernel", 3], s: ["stride", 1], p: ["padding", 0], n: BATCH },
    example: "64x64x128x128 k3 s1",
    multiplyAdds: (given) => correlationWork(sizesOf(given)),
    record({ tape, input }, given) {
      const { I, O, H, W, k, s: stride, p: padding, n } = sizesOf(given);
      return conv2d(tape, input([n, I, H, W]), input([O, I, k, k]), { stride, padding });
    },
    reference: (given, inputs, at) => correlation(sizesOf(given), inputs, at),
    gradient: "each",
  },
  {
    name: "conv3x3",
    covers: "conv3x3",
    sizes: SIZES,
    numbers: { n: BATCH },
    example: "64x64x128x128",
    multiplyAdds: ({ sizes: [I = 0, O = 0, H = 0, W = 0], numbers: { n = 1 } }) => 9 * n * I * O * H * W,
    record({ tape, input }, given) {
      const { I, O, H, W, n } = sizesOf(given);
      return conv3x3(tape, input([n, I, H, W]), input([O, I, 3, 3]));
    },
    reference: sameSize,
    gradient: "each",
  },
  {
    name: "winograd-conv3x3",
    covers: "winogradConv3x3",
    sizes: SIZES,
    numbers: { n: BATCH },
    example: "64x64x128x128",
    // 36 for each 4×4 pixels, in multiples of four channels and tiles.
    multiplyAdds: ({ sizes: [I = 0, O = 0, H = 0, W = 0], numbers: { n = 1 } }) =>
      36 * fourfold(I) * fourfold(O) * fourfold(n * Math.ceil(H / 4) * Math.ceil(W / 4)),
    record({ tape, input }, given) {
      const { I, O, H, W, n } = sizesOf(given);
      return winogradConv3x3(tape, input([n, I, H, W]), input([O, I, 3, 3]));
    },
    reference: sameSize,
  },
  {
    name: "downsample2x2",
    covers: "downsample2x2",
    sizes: SIZES,
    numbers: { n: BATCH },
    example: "64x128x128x128",
    multiplyAdds: ({ sizes: [I = 0, O = 0, H = 0, W = 0], numbers: { n = 1 } }) => n * I * O * H * W,
    record({ tape, input }, given) {
      const { I, O, H, W, n } = sizesOf(given);
      return downsample2x2(tape, input([n, I, H, W]), input([O, I, 2, 2]));
    },
    reference: ({ sizes, numbers }, inputs, at) =>
      correlation(sizesOf({ sizes, numbers: { ...numbers, k: 2, s: 2 } }), inputs, at),
    gradient: "each",
  },
  {
    name: "upsample2x2",
    covers: "upsample2x2",
    sizes: SIZES,
    numbers: { n: BATCH },
    example: "128x64x64x64",
    multiplyAdds: ({ sizes: [I = 0, O = 0, H = 0, W = 0], numbers: { n = 1 } }) => 4 * n * I * O * H * W,
    record({ tape, input }, given) {
      const { I, O, H, W, n } = sizesOf(given);
      return upsample2x2(tape, input([n, I, H, W]), input([I, O, 2, 2]));
    },
    reference(given, [x, w], at) {
      const { I, O, H, W } = sizesOf(given);
      const [n = 0, o = 0, row = 0, column = 0] = unravel(at, [O, 2 * H, 2 * W]);
      return sum(I, (i) => {
        const pixel = ((n * I + i) * H + (row >> 1)) * W + (column >> 1);
        return value(x, pixel) * value(w, ((i * O + o) * 2 + (row & 1)) * 2 + (column & 1));
      });
    },
    gradient: "each",
  },
  {
    name: "unfold",
    covers: "unfold",
    sizes: ["channels", "height", "width"],
    numbers: { k: ["side of the window", 3], n: BATCH },
    example: "64x128x128 k3",
    multiplyAdds: () => 0,
    record({ tape, input }, { sizes: [C = 0, H = 0, W = 0], numbers: { k = 3, n = 1 } }) {
      return unfold(tape, input([n, C, H, W]), k);
    },
    reference({ sizes: [C = 0, H = 0, W = 0], numbers: { k = 3 } }, [x], at) {
      const [outH, outW] = [H - k + 1, W - k + 1];
      const [n = 0, tap = 0, row = 0, column = 0] = unravel(at, [4 * Math.ceil((C * k * k) / 4), outH, outW]);
      if (tap >= C * k * k) return 0;
      const [c = 0, dy = 0, dx = 0] = unravel(tap, [k, k]);
      return value(x, ((n * C + c) * H + row + dy) * W + column + dx);
    },
    gradient: "each",
  },
];
