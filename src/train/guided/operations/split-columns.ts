import { shapeError } from "../../../engine/ops/shape-error.js";
import { grid } from "../../../engine/recording/launch.js";
import type { Tape } from "../../../engine/recording/tape.js";
import type { Tensor } from "../../../engine/tensors/tensor.js";
import shader from "../../../shaders/guided-training/copy_columns.wgsl";

/** Columns of a table [N, W], from the first on. */
interface Columns {
  readonly table: Tensor;
  readonly first: number;
}

/**
 * Cuts a table x [N, W] into tables side by side: [N, w] for each of the widths, whose sum is W. All of them have to take part in
 * a backward pass.
 * @throws {ShapeError} if the widths do not fit.
 */
export function splitColumns(tape: Tape, x: Tensor, widths: readonly number[]): Tensor[] {
  const [N = 0, W = 0] = x.shape;
  if (x.shape.length !== 2 || widths.reduce((sum, width) => sum + width, 0) !== W) {
    throw shapeError("splitColumns", `a table whose width is the sum of ${widths}`, x);
  }
  const parts = widths.map((width) => tape.tensor([N, width], "columns"));
  const firsts = widths.map((_, i) => widths.slice(0, i).reduce((sum, width) => sum + width, 0));
  parts.forEach((part, i) => {
    copy(tape, { table: x, first: firsts[i] as number }, { table: part, first: 0 }, part, false);
  });
  tape.differentiable([x], parts, () => {
    const { tensor, accumulate } = tape.gradientTarget(x);
    parts.forEach((part, i) => {
      const target = { table: tensor, first: firsts[i] as number };
      copy(tape, { table: tape.gradient(part), first: 0 }, target, part, accumulate);
    });
  });
  return parts;
}

function copy(tape: Tape, from: Columns, to: Columns, { shape }: Tensor, accumulate: boolean): void {
  const [ROWS = 0, COLUMNS = 0] = shape;
  tape.dispatch({
    shader,
    bindings: { source: from.table, result: to.table },
    ...grid(tape, [COLUMNS, ROWS], {
      COLUMNS,
      FROM_WIDTH: from.table.size / ROWS,
      FROM_FIRST: from.first,
      TO_WIDTH: to.table.size / ROWS,
      TO_FIRST: to.first,
      ACCUMULATE: accumulate,
    }),
  });
}
