import { inverseRealFft2d, realFft2d } from "../../src/engine/ops/fft/fft.js";
import { type Operation, sum, unravel, value } from "./operation.js";

const BATCH = ["images", 1] as const;

/** exp(−2πj · (u·y / H + v·x / W)), the real or the imaginary part; the products are reduced so that they stay exact. */
function wave(u: number, y: number, H: number, v: number, x: number, W: number, imaginary: boolean): number {
  const angle = 2 * Math.PI * (((u * y) % H) / H + ((v * x) % W) / W);
  return imaginary ? -Math.sin(angle) : Math.cos(angle);
}

/** An FFT's passes count no multiply-adds, so GFLOP/s stay empty; GB/s and the share of the roofline tell. */
const none = (): number => 0;

export const FOURIER: readonly Operation[] = [
  {
    name: "fft",
    covers: "realFft2d",
    sizes: ["height", "width"],
    numbers: { n: BATCH },
    example: "512x512",
    multiplyAdds: none,
    record: ({ tape, input }, { sizes, numbers: { n = 1 } }) => realFft2d(tape, input([n, ...sizes])),
    reference({ sizes: [H = 0, W = 0] }, [x], at) {
      const [n = 0, u = 0, v = 0, part = 0] = unravel(at, [H, Math.floor(W / 2) + 1, 2]);
      return sum(H * W, (i) => {
        const [row, column] = [Math.floor(i / W), i % W];
        return value(x, n * H * W + i) * wave(u, row, H, v, column, W, part === 1);
      });
    },
    gradient: "each",
  },
  {
    name: "inverse-fft",
    covers: "inverseRealFft2d",
    sizes: ["height", "width"],
    numbers: { n: BATCH },
    example: "512x512",
    multiplyAdds: none,
    record({ tape, input }, { sizes: [H = 0, W = 0], numbers: { n = 1 } }) {
      return inverseRealFft2d(tape, input([n, H, Math.floor(W / 2) + 1, 2]), W);
    },
    reference({ sizes: [H = 0, W = 0] }, [x], at) {
      const half = Math.floor(W / 2) + 1;
      const [n = 0, row = 0, column = 0] = unravel(at, [H, W]);
      const total = sum(H * half, (i) => {
        const [u, v] = [Math.floor(i / half), i % half];
        // A column stands for its mirror image too, but for the first and, of an even width, the last.
        const weight = v === 0 || 2 * v === W ? 1 : 2;
        const [real, imaginary] = [2 * (n * H * half + i), 2 * (n * H * half + i) + 1];
        const at = [u, row, H, v, column, W] as const;
        return weight * (value(x, real) * wave(...at, false) + value(x, imaginary) * wave(...at, true));
      });
      return total / (H * W);
    },
    gradient: "each",
  },
];
