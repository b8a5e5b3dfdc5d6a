import type { Engine } from "../engine.js";
import type { Tensor } from "../tensors/tensor.js";

/**
 * The step and the seed, as the GPU reads them: what varies by step (a patch's place, the noise, a learning rate) is
 * looked up there, so that a replayed program needs nothing from the CPU.
 */
export class StepCounter {
  /** [step, seed] */
  readonly tensor: Tensor;

  constructor(private readonly engine: Engine) {
    this.tensor = engine.tensor([2], { dtype: "u32", label: "step counter" });
  }

  /** To a step, the first unless given, with a seed of 32 bits. */
  reset(seed: number, step = 0): void {
    this.engine.write(this.tensor, Uint32Array.of(step, seed >>> 0));
  }
}
