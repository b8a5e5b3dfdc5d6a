import type { Engine } from "../device/engine.js";
import { DISPOSE } from "../disposal.js";
import { StepRangeError } from "../errors.js";
import type { Tensor } from "../tensors/tensor.js";
import type { StepRanges } from "./step-ranges.js";

/** A dispatch with its pipeline and its bind group. */
export interface Dispatch {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  readonly multiplyAdds: number;
}

/** A recorded list of dispatches, ready to be replayed. */
export class Program {
  /** The first dispatch that the parts of a run have not reached. */
  private next = 0;

  constructor(
    readonly engine: Engine,
    readonly dispatches: readonly Dispatch[],
    /** What each run takes of the step counters. */
    readonly steps: StepRanges,
    private readonly owned: readonly Tensor[],
  ) {}

  /** Multiply-adds of one run, as the operations counted them. */
  get multiplyAdds(): number {
    return this.dispatches.reduce((sum, dispatch) => sum + dispatch.multiplyAdds, 0);
  }

  /**
   * Submits `times` runs, one after another, in a single command buffer; does not wait for them.
   * @throws {StepRangeError} if a run would reach past the last step that the program's tables and histories
   *   hold, or `times` is not a whole number from 0 up.
   */
  run(times = 1): void {
    this.steps.take(times);
    this.encode(times, this.dispatches);
  }

  /**
   * Submits a part of a run; parts are submitted in order, from the first dispatch to the last. Does not wait.
   * @param first the number of its first dispatch.
   * @param count of dispatches.
   * @throws {StepRangeError} as {@link run}, for the first part; or if a part neither follows the last one
   *   nor begins a run.
   */
  submit(first: number, count: number): void {
    if (first === 0) this.steps.take(1);
    else if (first !== this.next) {
      throw new StepRangeError(`A run goes on at dispatch ${this.next}; got ${first}.`);
    }
    const part = this.dispatches.slice(first, first + count);
    this.next = first + part.length;
    this.encode(1, part);
  }

  private encode(times: number, dispatches: readonly Dispatch[]): void {
    const { device } = this.engine;
    this.engine.observe(
      () => {
        const encoder = device.createCommandEncoder();
        const pass = encoder.beginComputePass();
        for (let time = 0; time < times; time++) {
          for (const { pipeline, bindGroup, workgroups } of dispatches) {
            pass.setPipeline(pipeline);
            pass.setBindGroup(0, bindGroup);
            pass.dispatchWorkgroups(...workgroups);
          }
        }
        pass.end();
        device.queue.submit([encoder.finish()]);
      },
      { source: this },
    );
  }

  /** Frees the tensors that the tape made for this program. */
  dispose(): void {
    for (const tensor of this.owned) this.engine.free(tensor);
  }

  [DISPOSE](): void {
    this.dispose();
  }
}
