import forwardShader from "../../../shaders/normalization/spectral_norm.wgsl";
import backwardShader from "../../../shaders/normalization/spectral_norm_backward.wgsl";
import { ShapeError } from "../../errors.js";
import type { Tape } from "../../recording/tape.js";
import { ALIGNED_ELEMENTS, roundUp, sizeOf, type Tensor } from "../../tensors/tensor.js";
import { shapeError } from "../shape-error.js";

/** A matrix to normalize, with its power-iteration vectors, which each call updates. */
export interface SpectralWeight {
  /** [O, …], taken as a matrix of O rows. */
  readonly weight: Tensor;
  /** [O] */
  readonly u: Tensor;
  /** [columns] */
  readonly v: Tensor;
}

/**
 * Spectral normalization (Miyato et al. 2018) of several weights at once, for `calls` successive forward
 * passes. Each does one step of the power iteration (v from u, then u from v) and divides the weight by
 * σ = uᵀ W v. The weights are views of one buffer, the vectors of another. In the gradient u and v are constants.
 * @returns for each weight a tensor [calls, rows, columns rounded up to a multiple of four], zero past the
 *   columns. The tape knows its transpose.
 * @throws {ShapeError} if the vectors do not fit, or the tensors do not share buffers.
 */
export function spectralNorm(tape: Tape, weights: readonly SpectralWeight[], calls: number): Tensor[] {
  const first = weights[0];
  if (!first) throw new ShapeError("spectralNorm wants at least one weight.");
  const base = first.weight.base;
  const vectors = first.u.base;
  let outSize = 0;
  let savedSize = 0;
  const layouts = weights.map(({ weight, u, v }) => {
    const rows = weight.shape[0] ?? 0;
    const columns = weight.size / rows;
    if (u.size !== rows || v.size !== columns) {
      throw shapeError(`spectralNorm of [${weight.shape}]`, `u [${rows}] and v [${columns}]`, u, v);
    }
    if (weight.base !== base || u.base !== vectors || v.base !== vectors) {
      throw new ShapeError("spectralNorm wants all weights in one buffer and all vectors in another.");
    }
    const pitch = roundUp(columns, 4);
    const shape = [calls, rows, pitch];
    const out = outSize;
    const transposed = out + roundUp(sizeOf(shape), ALIGNED_ELEMENTS);
    outSize = transposed + roundUp(sizeOf(shape), ALIGNED_ELEMENTS);
    const saved = savedSize;
    const savedStride = 1 + rows + columns;
    savedSize += calls * savedStride;
    return { rows, columns, pitch, shape, out, transposed, saved, savedStride };
  });
  const table = tape.constant(
    Uint32Array.from(
      layouts.flatMap((l, i) => {
        const { weight, u, v } = weights[i] as SpectralWeight;
        const parts = [weight.start, u.start, v.start, l.out, l.transposed, l.saved, l.savedStride];
        return [l.rows, l.columns, l.pitch, ...parts];
      }),
    ),
    "matrices",
  );
  const out = tape.tensor([outSize], "weights");
  const saved = tape.tensor([savedSize], "norms");
  const constants = { CALLS: calls, WORKGROUP: tape.engine.tuning.reduction };
  tape.dispatch({
    shader: forwardShader,
    constants,
    bindings: { matrices: table, weights: base, vectors, out, saved },
    workgroups: [weights.length],
  });
  const outputs = layouts.map(({ shape, out: start, transposed }, i) => {
    const view = out.view(start, shape, `${weights[i]?.weight.label} normalized`);
    const [, rows = 0, pitch = 0] = shape;
    tape.setTransposed(view, out.view(transposed, [calls, pitch, rows]));
    return view;
  });
  tape.differentiable(
    weights.map(({ weight }) => weight),
    outputs,
    () => {
      const ACCUMULATE = tape.claimGradients(weights.map(({ weight }) => weight));
      tape.dispatch({
        shader: backwardShader,
        constants: { ...constants, ACCUMULATE },
        bindings: {
          matrices: table,
          out,
          saved,
          dout: tape.gradient(out),
          dweights: tape.gradient(base),
        },
        workgroups: [weights.length],
      });
    },
  );
  return outputs;
}
