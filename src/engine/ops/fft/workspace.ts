import type { Tape } from "../../recording/tape.js";
import type { Tensor } from "../../tensors/tensor.js";

/**
 * What the Fourier transforms and Winograd convolutions on one tape share, since they run one after another: tables, and two work
 * tensors, which the steps of a transform read and write in turn.
 */
export class Workspace {
  private static readonly all = new WeakMap<Tape, Workspace>();
  private readonly tables = new Map<string, Tensor>();
  private readonly work: Tensor[] = [];

  private constructor(private readonly tape: Tape) {}

  /** The workspace of a tape. */
  static of(tape: Tape): Workspace {
    let workspace = Workspace.all.get(tape);
    if (!workspace) {
      workspace = new Workspace(tape);
      Workspace.all.set(tape, workspace);
    }
    return workspace;
  }

  /** The table of a name, made at the first request. */
  table(name: string, values: () => Float32Array | Uint32Array): Tensor {
    let table = this.tables.get(name);
    if (!table) {
      table = this.tape.constant(values(), name);
      this.tables.set(name, table);
    }
    return table;
  }

  /**
   * One of the two work tensors, with room for `size` elements. If it is too small, a larger one replaces it,
   * and the tape keeps the smaller one for the steps already recorded.
   */
  between(which: 0 | 1, size: number): Tensor {
    const before = this.work[which];
    if (before && before.size >= size) return before;
    const tensor = this.tape.tensor([size], "work");
    this.work[which] = tensor;
    return tensor;
  }
}
