import { add } from "../../src/engine/ops/elementwise/add.js";
import { addBias } from "../../src/engine/ops/elementwise/add-bias.js";
import { cast } from "../../src/engine/ops/elementwise/cast.js";
import { gaussianNoise } from "../../src/engine/ops/elementwise/gaussian-noise.js";
import { sigmoid } from "../../src/engine/ops/elementwise/sigmoid.js";
import { StepCounter } from "../../src/engine/recording/step-counter.js";
import { type Operation, value } from "./operation.js";

const none = (): number => 0;

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

export const ELEMENTWISE: readonly Operation[] = [
  {
    name: "add",
    covers: "add",
    sizes: ["elements"],
    example: "1048576",
    multiplyAdds: none,
    record: ({ tape, input }, { sizes }) => add(tape, input(sizes), input(sizes)),
    reference: (_, [a, b], at) => value(a, at) + value(b, at),
    gradient: "sum",
  },
  {
    name: "add-bias",
    covers: "addBias",
    sizes: ["rows", "columns"],
    multiples: [1, 4],
    example: "64x16384",
    multiplyAdds: none,
    record: ({ tape, input }, { sizes: [M = 0, P = 0] }) => addBias(tape, input([1, M, P]), input([M])),
    reference: ({ sizes: [, P = 1] }, [x, bias], at) => value(x, at) + value(bias, Math.floor(at / P)),
    gradient: "sum",
  },
  {
    name: "sigmoid",
    covers: "sigmoid",
    sizes: ["elements"],
    example: "1048576",
    multiplyAdds: none,
    record: ({ tape, input }, { sizes }) => sigmoid(tape, input(sizes)),
    reference: (_, [x], at) => logistic(value(x, at)),
    gradient: (_, [x], at) => logistic(value(x, at)) ** 2 * (1 - logistic(value(x, at))),
  },
  {
    name: "cast",
    covers: "cast",
    sizes: ["elements"],
    example: "1048576",
    multiplyAdds: none,
    // To half precision and back, so that the result can be read.
    record: ({ tape, input }, { sizes }) => cast(tape, cast(tape, input(sizes), "f16"), "f32"),
    reference: (_, [x], at) => value(x, at),
  },
  {
    name: "noise",
    covers: "gaussianNoise",
    sizes: ["elements"],
    example: "1048576",
    multiplyAdds: none,
    record({ tape, input, own }, { sizes }) {
      const counter = own(new StepCounter(tape.engine));
      return gaussianNoise(tape, input(sizes), { sigma: 1e-6, counter, stream: 0 });
    },
    reference: (_, [x], at) => value(x, at),
  },
];
