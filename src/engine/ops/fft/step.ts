import accumulateShader from "../../../shaders/elementwise/accumulate_gradient.wgsl";
import type { Bindings, Constants } from "../../device/bindings.js";
import type { Shader } from "../../device/shader.js";
import { elementwiseVec4 } from "../../recording/launch.js";
import type { GradientTarget, Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";
import { Workspace } from "./workspace.js";

/** One dispatch of a transform: from `source`, under its `parameters`, to `result`. */
export interface Step {
  readonly shader: Shader;
  readonly constants?: Constants;
  /** Invocations along x, y, z. */
  readonly extent: readonly [x: number, y: number, z: number];
  /** The words of the shader's parameters: data, not constants, so that one pipeline serves every size. */
  readonly parameters: readonly number[];
  readonly tables?: Bindings;
  /** Number of elements that it writes. */
  readonly size: number;
}

/** The bits of a float as a word. */
export function floatWord(value: number): number {
  return new Uint32Array(Float32Array.of(value).buffer)[0] as number;
}

/**
 * Records steps, each of which reads the last one's result; the tape's two work tensors hold it in between.
 */
export function recordSteps(tape: Tape, steps: readonly Step[], input: Tensor, output: Tensor): void {
  recordBetween(tape, steps, input, output);
}

/** The same, for a gradient: adds to what an earlier operation of the backward pass has written. */
export function accumulateSteps(
  tape: Tape,
  steps: readonly Step[],
  input: Tensor,
  { tensor, accumulate }: GradientTarget,
): void {
  const result = recordBetween(tape, steps, input, accumulate ? undefined : tensor);
  if (!accumulate) return;
  tape.dispatch({
    shader: accumulateShader,
    bindings: { x: result, y: tensor },
    ...elementwiseVec4(tape, tensor, { ACCUMULATE: true }),
  });
}

/** @param output of the last step; a work tensor unless given. */
function recordBetween(tape: Tape, steps: readonly Step[], input: Tensor, output?: Tensor): Tensor {
  const workspace = Workspace.of(tape);
  const WORKGROUP = tape.engine.tuning.elementwise;
  let source = input;
  steps.forEach(({ shader, constants, extent: [x, y, z], parameters: words, tables, size }, i) => {
    const last = i === steps.length - 1 ? output : undefined;
    const result = last ?? workspace.between(i % 2 === 0 ? 0 : 1, size);
    const parameters = workspace.table(`parameters ${words}`, () => Uint32Array.from(words));
    tape.dispatch({
      shader,
      constants: { ...constants, WORKGROUP },
      bindings: { ...tables, source, parameters, result },
      workgroups: [Math.ceil(x / WORKGROUP), y, z],
    });
    source = result;
  });
  return source;
}
