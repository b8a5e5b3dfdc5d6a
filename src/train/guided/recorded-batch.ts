import type { Engine } from "../../engine/device/engine.js";
import { DISPOSE, freeOnFailure } from "../../engine/disposal.js";
import type { Parameters } from "../../engine/optimizers/parameters.js";
import type { Program } from "../../engine/recording/program.js";
import { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { type Conditions, ownAlpha, standardized } from "../../model/guided/conditions.js";
import type { GuidedConfig } from "../../model/guided/layout.js";
import { logarithmicLoss } from "./operations/logarithmic-loss.js";
import type { Patch } from "./patch.js";
import { type NetworkInputs, trainingNetwork } from "./training-network.js";

/** Small pixels at a patch's rim, where the data step does not know what the blur mixes in; they are not learned from. */
const RIM = 6;

/** The size of a batch; sides are those of the small images. */
export interface BatchSize {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
}

/** The network over a batch of patches, recorded once; with its loss and its gradient where it is to learn. */
export class RecordedBatch {
  private constructor(
    private readonly engine: Engine,
    private readonly program: Program,
    private readonly inputs: NetworkInputs & { readonly sharp: Tensor },
    /** [batch, 3, s·height, s·width]: the pictures of the last batch. */
    readonly picture: Tensor,
    /** What the batch teaches; undefined where it is not to learn. */
    readonly lesson?: { readonly loss: Tensor; readonly gradient: Tensor },
  ) {}

  /** @param learns whether loss and gradient are computed. */
  static record(
    engine: Engine,
    parameters: Parameters,
    config: GuidedConfig,
    { batch, height, width }: BatchSize,
    learns: boolean,
  ): Promise<RecordedBatch> {
    return freeOnFailure(async (own) => {
      const tape = own(new Tape(engine, learns));
      const large = [batch, 3, config.scale * height, config.scale * width] as const;
      const inputs = {
        small: tape.tensor([batch, 3, height, width], "small images"),
        sharpGuess: tape.tensor(large, "sharp guesses"),
        smoothGuess: tape.tensor(large, "smooth guesses"),
        sharp: tape.tensor(large, "sharp images"),
        conditions: tape.tensor([batch, parameters.get("conditions_in.weight").shape[1] ?? 0], "conditions"),
        base: tape.tensor([batch], "own alphas"),
        kernels: tape.tensor([batch, large[2], large[3]], "kernels"),
      };
      const picture = trainingNetwork(tape, parameters, config, inputs, RIM);
      if (!learns) return new RecordedBatch(engine, await tape.finish(), inputs, picture);
      const loss = logarithmicLoss(tape, picture, inputs.sharp, config.scale * RIM);
      const { whole } = parameters;
      tape.backward([{ loss, weight: 1 / batch }], [whole]);
      const gradient = tape.gradient(whole);
      return new RecordedBatch(engine, await tape.finish(), inputs, picture, { loss, gradient });
    });
  }

  /** Uploads a batch and submits its run. */
  run(patches: readonly Patch[]): void {
    const { engine, inputs } = this;
    const write = (name: keyof typeof inputs, valuesOf: (patch: Patch) => ArrayLike<number>): void => {
      const all = new Float32Array(inputs[name].size);
      const length = all.length / patches.length;
      patches.forEach((patch, item) => {
        all.set(valuesOf(patch), item * length);
      });
      engine.write(inputs[name], all);
    };
    for (const name of ["small", "sharpGuess", "smoothGuess", "sharp"] as const) {
      write(name, (patch) => patch[name]);
    }
    write("kernels", ({ kernel }) => kernel);
    write("conditions", ({ conditions }) => standardized(conditionsOf(conditions)));
    write("base", ({ conditions }) => [ownAlpha(conditionsOf(conditions))]);
    this.program.run();
  }

  /** Multiply-adds of a batch. */
  get multiplyAdds(): number {
    return this.program.multiplyAdds;
  }

  dispose(): void {
    this.program.dispose();
  }

  [DISPOSE](): void {
    this.dispose();
  }
}

/** Numbers in the order of `CONDITIONS`, by their names. */
function conditionsOf(numbers: readonly number[]): Conditions {
  const [noise, error, nonGaussianity, xx, xy, yy, sharp, smooth, ...photo] = numbers as Thirteen;
  const [brightnessNoise, camera, compressed, quality, gaussian] = photo;
  return {
    noise,
    error,
    nonGaussianity,
    covariance: { xx, xy, yy },
    sigmas: [sharp, smooth],
    photo: { brightnessNoise, camera, compressed, quality, gaussian },
  };
}

type Eight = [number, number, number, number, number, number, number, number];
type Thirteen = [...Eight, number, number, number, number, number];
