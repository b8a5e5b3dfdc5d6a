import { CollapsedChain } from "../../src/engine/ops/convolution/collapse.js";
import { l1Loss } from "../../src/engine/ops/losses/l1-loss.js";
import { meanSquaredLoss } from "../../src/engine/ops/losses/mean-squared-loss.js";
import { normalizedLayers } from "../../src/engine/ops/normalization/normalized-layers.js";
import { spectralNorm } from "../../src/engine/ops/normalization/spectral-norm.js";
import { adam } from "../../src/engine/optimizers/adam.js";
import { Parameters } from "../../src/engine/optimizers/parameters.js";
import { sgd } from "../../src/engine/optimizers/sgd.js";
import { StepCounter } from "../../src/engine/recording/step-counter.js";
import type { Tensor } from "../../src/engine/tensors/tensor.js";
import { type Operation, type Recording, sum, value } from "./operation.js";

const none = (): number => 0;

/** Parameters of one array, filled with the values of an input. */
function parametersOf(
  { tape, input, own }: Recording,
  count: number,
): { parameters: Parameters; gradient: Tensor } {
  const parameters = own(new Parameters(tape.engine, [{ name: "p", shape: [count] }], "parameters"));
  const gradient = input([parameters.whole.size]);
  tape.engine.copy(gradient, tape.gradient(parameters.whole));
  return { parameters, gradient };
}

/** Side lengths of the layers' kernels in the chain that is collapsed: those of KernelGAN's generator. */
const CHAIN = [7, 5, 3, 1, 1, 1];

export const TRAINING: readonly Operation[] = [
  {
    name: "normalized-layers",
    covers: "normalizedLayers",
    sizes: ["channels", "pixels"],
    multiples: [4, 4],
    numbers: { l: ["layers", 5], n: ["images", 1] },
    example: "64x676 l5",
    multiplyAdds: ({ sizes: [C = 0, P = 0], numbers: { l = 5, n = 1 } }) => n * P * (l * C * C + C),
    record({ tape, input }, { sizes: [C = 0, P = 0], numbers: { l = 5, n = 1 } }) {
      const x = input([n, C, P]);
      const layers = Array.from({ length: l }, () => ({
        weight: input([n, C, C]),
        gamma: input([C]),
        beta: input([C]),
      }));
      return normalizedLayers(tape, x, layers, { weight: input([n, 1, C]), bias: input([1]) });
    },
    gradient: "unchecked",
  },
  {
    name: "spectral-norm",
    covers: "spectralNorm",
    sizes: ["rows", "columns"],
    example: "64x576",
    multiplyAdds: none,
    record({ tape, input, own }, { sizes: [R = 0, C = 0] }) {
      const weight = input([R, C]);
      const vectors = own(
        new Parameters(
          tape.engine,
          [
            { name: "u", shape: [R] },
            { name: "v", shape: [C] },
          ],
          "vectors",
        ),
      );
      vectors.write(
        new Map([
          ["u", new Float32Array(R).fill(1 / Math.sqrt(R))],
          ["v", new Float32Array(C).fill(1 / Math.sqrt(C))],
        ]),
      );
      const [output] = spectralNorm(tape, [{ weight, u: vectors.get("u"), v: vectors.get("v") }], 1);
      return output as Tensor;
    },
    gradient: "unchecked",
  },
  {
    name: "collapse",
    covers: "CollapsedChain",
    sizes: ["channels"],
    example: "64",
    multiplyAdds: ({ sizes: [C = 0] }) => {
      // From the last layer back, each composite is as wide as the layers from it on.
      let extent = 1;
      return sum(CHAIN.length, (back) => {
        const n = CHAIN.length - 1 - back;
        const side = CHAIN[n] as number;
        const work = back === 0 ? 0 : (n === 0 ? 1 : C) * C * side ** 2 * extent ** 2;
        extent += side - 1;
        return work;
      });
    },
    record({ tape, own }, { sizes: [C = 0] }) {
      const shapes = CHAIN.map((side, n) => ({
        name: String(n),
        shape: [n === CHAIN.length - 1 ? 1 : C, n === 0 ? 1 : C, side, side],
      }));
      const parameters = own(new Parameters(tape.engine, shapes, "layers"));
      const layers = shapes.map(({ name }) => parameters.get(name));
      const chain = own(new CollapsedChain(tape.engine, layers));
      chain.refresh(tape);
      return chain.output;
    },
  },
  {
    name: "l1-loss",
    covers: "l1Loss",
    sizes: ["elements"],
    example: "65536",
    multiplyAdds: none,
    record: ({ tape, input }, { sizes }) => l1Loss(tape, input(sizes), input(sizes)),
    reference: ({ sizes: [count = 0] }, [x, y], _) => sum(count, (i) => Math.abs(value(x, i) - value(y, i))),
    gradient: (_, [x, y], at) => Math.sign(value(x, at) - value(y, at)),
    isLoss: true,
  },
  {
    name: "mean-squared-loss",
    covers: "meanSquaredLoss",
    sizes: ["elements"],
    example: "65536",
    multiplyAdds: none,
    record({ tape, input, own }, { sizes }) {
      const counter = own(new StepCounter(tape.engine));
      const weights = tape.constant(Float32Array.of(1));
      return meanSquaredLoss(tape, input(sizes), input(sizes), { weights, counter });
    },
    reference: ({ sizes: [count = 0] }, [x, y], _) =>
      sum(count, (i) => (value(x, i) - value(y, i)) ** 2) / count,
    gradient: ({ sizes: [count = 0] }, [x, y], at) => (2 * (value(x, at) - value(y, at))) / count,
    isLoss: true,
  },
  {
    name: "sgd",
    covers: "sgd",
    sizes: ["elements"],
    example: "1048576",
    multiplyAdds: none,
    record(recording, { sizes: [count = 0] }) {
      const { parameters } = parametersOf(recording, count);
      const counter = recording.own(new StepCounter(recording.tape.engine));
      sgd(recording.tape, parameters, { rates: recording.tape.constant(Float32Array.of(0.1)) }, counter);
      return parameters.whole;
    },
    reference: (_, [gradient], at) => -0.1 * value(gradient, at),
  },
  {
    name: "adam",
    covers: "adam",
    sizes: ["elements"],
    example: "1048576",
    multiplyAdds: none,
    record(recording, { sizes: [count = 0] }) {
      const { parameters, gradient } = parametersOf(recording, count);
      const counter = recording.own(new StepCounter(recording.tape.engine));
      adam(recording.tape, parameters, gradient, counter, 1, { rate: 0.1 });
      return parameters.whole;
    },
    // The first step goes by the rate, against the sign of the gradient.
    reference: (_, [gradient], at) => {
      const g = value(gradient, at);
      return (-0.1 * g) / (Math.abs(g) + 1e-8);
    },
  },
];
