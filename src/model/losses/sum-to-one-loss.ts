import { grid } from "../../engine/recording/launch.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";
import sumToOneShader from "../../shaders/losses/sum_to_one_loss.wgsl";
import sumToOneBackwardShader from "../../shaders/losses/sum_to_one_loss_backward.wgsl";

/** |1 − Σ k| → [1] (MetaKernelGAN, Eq. 5). */
export function sumToOneLoss(tape: Tape, k: Tensor, out?: Tensor): Tensor {
  const loss = out ?? tape.tensor([1], "loss");
  tape.dispatch({
    shader: sumToOneShader,
    constants: { COUNT: k.size },
    bindings: { k, loss },
    workgroups: [1],
  });
  tape.differentiableLoss(k, loss, (weight) => {
    const { tensor, accumulate } = tape.gradientTarget(k);
    tape.dispatch({
      shader: sumToOneBackwardShader,
      bindings: { k, dk: tensor },
      ...grid(tape, [k.size], { COUNT: k.size, WEIGHT: weight, ACCUMULATE: accumulate }),
    });
  });
  return loss;
}
