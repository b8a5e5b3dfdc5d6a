import type { Engine } from "../../engine/device/engine.js";
import type { StepCounter } from "../../engine/recording/step-counter.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { Discriminator } from "../../model/gan/discriminator.js";
import type { Generator } from "../../model/gan/generator.js";

/** The inputs of an adaptation, apart from the weights. */
export interface AdaptationInput {
  readonly image: RgbImage;
  readonly steps: number;
  /** [steps or more, at least one; 2]: top and left of each step's 64×64 patch in the image. */
  readonly corners: ArrayLike<number>;
  /** Fixes the noise; 32 bits. */
  readonly seed: number;
  /** Whether the discriminator's inputs get noise; it does unless this is false. */
  readonly noise?: boolean;
}

/** Everything with which a step is recorded. */
export interface StepContext {
  readonly engine: Engine;
  readonly tape: Tape;
  readonly generator: Generator;
  readonly discriminator: Discriminator;
  readonly counter: StepCounter;
  readonly input: AdaptationInput;
  /** Frees tensors together with the adaptation. */
  readonly own: (...tensors: readonly Tensor[]) => void;
}

/** Records one step, from the present kernel to the next. */
export type StepRecorder = (context: StepContext) => {
  /** The losses before the updates, as `lossSlots` lays them out. */
  readonly losses: Tensor;
  /** Weight of the kernel's loss in the objective. */
  readonly kernelWeight: number;
};
