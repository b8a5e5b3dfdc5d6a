import { cropForward } from "../../engine/ops/rearrange/crop.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import { FAKE_SIZE, type GanStep } from "./gan-step.js";
import { PATCH_SIZE, uploadPatches } from "./patch-source.js";
import type { StepContext } from "./step-recorder.js";

/** Records the patches of a step: the fake is the downscaled 64×64 patch, the real one is its top-left quarter. */
export function recordImageStep(context: StepContext): { patch: Tensor; step: GanStep } {
  const { engine, tape, generator, discriminator, counter, input, own } = context;
  const { pixels, offsets } = uploadPatches(engine, input.image, input.corners, PATCH_SIZE);
  own(pixels, offsets);
  const patch = cropForward(tape, pixels, { offsets, counter, size: PATCH_SIZE });
  const step: GanStep = {
    generator,
    discriminator,
    counter,
    noise: input.noise !== false,
    fake: (kernel, out) => generator.downscale(tape, patch, kernel, out),
    real: (out) => cropForward(tape, pixels, { offsets, counter, size: FAKE_SIZE, out }),
  };
  return { patch, step };
}
