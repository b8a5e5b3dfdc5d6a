import type { Engine } from "../engine.js";
import type { Tensor } from "../tensors/tensor.js";

/** A dispatch with everything settled. */
export interface Dispatch {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
  readonly multiplyAdds: number;
}

/** A recorded list of dispatches, ready to be replayed. */
export class Program {
  constructor(
    readonly engine: Engine,
    readonly dispatches: readonly Dispatch[],
    private readonly owned: readonly Tensor[],
  ) {}

  /** Multiply-adds of one run, as the operations counted them. */
  get multiplyAdds(): number {
    return this.dispatches.reduce((sum, dispatch) => sum + dispatch.multiplyAdds, 0);
  }

  /** Submits `times` runs, one after another, in a single command buffer; does not wait for them. */
  run(times = 1): void {
    const encoder = this.engine.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let time = 0; time < times; time++) {
      for (const { pipeline, bindGroup, workgroups } of this.dispatches) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...workgroups);
      }
    }
    pass.end();
    this.engine.device.queue.submit([encoder.finish()]);
  }

  /** Frees the tensors that the tape made for this program. */
  dispose(): void {
    for (const tensor of this.owned) this.engine.free(tensor);
  }
}
