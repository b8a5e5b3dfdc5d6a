import { crop } from "../engine/ops/crop.js";
import type { Tensor } from "../engine/tensor.js";
import { FAKE_SIZE, recordGanStep, SUM_TO_ONE_WEIGHT } from "./gan-step.js";
import { PATCH_SIZE, uploadPatches } from "./patch-source.js";
import type { StepRecorder } from "./step-recorder.js";

const GENERATOR_RATE = 0.01;
const DISCRIMINATOR_RATE = 0.2;
/** The generator's rate falls to a tenth just before this step index. */
const RATE_DROP = 50;

/** MetaKernelGAN's step on an image: the fake patch is a 64×64 patch, downscaled, and the real one its top-left quarter. */
export const recordMetaKernelGanStep: StepRecorder = (context) => {
  const { engine, tape, generator, discriminator, counter, input, own } = context;
  const { pixels, offsets } = uploadPatches(engine, input.image, input.corners, PATCH_SIZE);
  own(pixels, offsets);
  const rates = (rate: (step: number) => number): Tensor =>
    tape.constant(
      Float32Array.from({ length: Math.max(1, input.steps) }, (_, step) => rate(step)),
      "rates",
    );
  const patch = crop(tape, pixels, { offsets, counter, size: PATCH_SIZE });
  const losses = recordGanStep(
    tape,
    {
      generator,
      discriminator,
      counter,
      noise: input.noise !== false,
      fake: (kernel, out) => generator.downscale(tape, patch, kernel, out),
      real: (out) => crop(tape, pixels, { offsets, counter, size: FAKE_SIZE, out }),
    },
    {
      generator: rates((step) => (step < RATE_DROP ? GENERATOR_RATE : GENERATOR_RATE / 10)),
      discriminator: rates(() => DISCRIMINATOR_RATE),
    },
  );
  return { losses, kernelWeight: SUM_TO_ONE_WEIGHT };
};
