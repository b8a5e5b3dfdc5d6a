import { crop } from "../../src/engine/ops/rearrange/crop.js";
import { padReplicate } from "../../src/engine/ops/rearrange/pad-replicate.js";
import { trim } from "../../src/engine/ops/rearrange/trim.js";
import { StepCounter } from "../../src/engine/recording/step-counter.js";
import { BenchError } from "../report/errors.js";
import { type Operation, unravel, value } from "./operation.js";

const SIZES = ["channels", "height", "width"];
const none = (): number => 0;

export const REARRANGING: readonly Operation[] = [
  {
    name: "crop",
    covers: "crop",
    sizes: SIZES,
    numbers: { k: ["side of the window", 64] },
    example: "3x256x256 k64",
    multiplyAdds: none,
    record({ tape, input, own }, { sizes, numbers: { k = 64 } }) {
      const counter = own(new StepCounter(tape.engine));
      const offsets = tape.constant(Uint32Array.of(0, 0)).reshape([1, 2]);
      return crop(tape, input(sizes), { offsets, counter, size: k });
    },
    reference({ sizes: [, H = 0, W = 0], numbers: { k = 64 } }, [x], at) {
      const [c = 0, row = 0, column = 0] = unravel(at, [k, k]);
      return value(x, (c * H + row) * W + column);
    },
    gradient: "each",
  },
  {
    name: "pad-replicate",
    covers: "padReplicate",
    sizes: SIZES,
    numbers: { p: ["pixels added on the right and below", 8] },
    example: "64x128x128 p8",
    multiplyAdds: none,
    record({ tape, input }, { sizes: [C = 0, H = 0, W = 0], numbers: { p = 8 } }) {
      return padReplicate(tape, input([1, C, H, W]), [H + p, W + p]);
    },
    reference({ sizes: [, H = 0, W = 0], numbers: { p = 8 } }, [x], at) {
      const [c = 0, row = 0, column = 0] = unravel(at, [H + p, W + p]);
      return value(x, (c * H + Math.min(row, H - 1)) * W + Math.min(column, W - 1));
    },
    gradient: "each",
  },
  {
    name: "trim",
    covers: "trim",
    sizes: SIZES,
    numbers: { p: ["pixels cut on the right and below", 8] },
    example: "64x136x136 p8",
    multiplyAdds: none,
    record({ tape, input }, { sizes: [C = 0, H = 0, W = 0], numbers: { p = 8 } }) {
      if (p >= Math.min(H, W)) {
        throw new BenchError(`trim p${p} leaves nothing of ${H}×${W} pixels: give a smaller p.`);
      }
      return trim(tape, input([1, C, H, W]), [H - p, W - p]);
    },
    reference({ sizes: [, H = 0, W = 0], numbers: { p = 8 } }, [x], at) {
      const [c = 0, row = 0, column = 0] = unravel(at, [H - p, W - p]);
      return value(x, (c * H + row) * W + column);
    },
    gradient: "each",
  },
];
