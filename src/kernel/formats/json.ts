import { type BlurKernel, kernelRows, type Orientation } from "../blur-kernel.js";
import { KernelError } from "../errors.js";
import { sideOf } from "./square-matrix.js";

/** The largest factor of any benchmark is 8. */
const MAX_SCALE = 16;

/** A kernel as JSON: `{ size, scale, orientation, kernel: rows }`, one row a line. */
export function encodeKernelJson(kernel: BlurKernel): string {
  const { size, scale, orientation } = kernel;
  const rows = kernelRows(kernel).map((row) => `    ${JSON.stringify(row)}`);
  const head = JSON.stringify({ size, scale, orientation }, null, 2).slice(0, -2);
  return `${head},\n  "kernel": [\n${rows.join(",\n")}\n  ]\n}\n`;
}

/**
 * Reads what `encodeKernelJson` wrote.
 * @param given downscaling factor of a kernel whose file may be a benchmark's: where it says no scale, it is this one, and
 * where it says no orientation, it is the assumed one.
 * @throws {KernelError} if the text is not JSON, or a field is missing or does not fit the others.
 */
export function decodeKernelJson(
  text: string,
  given?: number,
  assumed: Orientation = "correlation",
): BlurKernel {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new KernelError("This is not JSON.", { cause });
  }
  const benchmark = given === undefined ? {} : { scale: given, orientation: assumed };
  const { size, scale, orientation, kernel } = { ...benchmark, ...(json as object | null) } as Record<
    string,
    unknown
  >;
  if (!Number.isInteger(scale) || Number(scale) < 1 || Number(scale) > MAX_SCALE) {
    throw new KernelError(`The kernel's JSON has no "scale", a whole number from 1 to ${MAX_SCALE}.`);
  }
  if (orientation !== "correlation" && orientation !== "convolution") {
    throw new KernelError('The kernel\'s JSON has no "orientation", "correlation" or "convolution".');
  }
  if (!isSquare(kernel))
    throw new KernelError('The kernel\'s JSON has no "kernel", a square of numbers as rows.');
  const side = sideOf([kernel.length, kernel.length]);
  if (size !== undefined && size !== side) {
    throw new KernelError(
      `The kernel's JSON says a "size" of ${JSON.stringify(size)}, and has ${side} rows.`,
    );
  }
  return { size: side, scale: Number(scale), orientation, values: Float64Array.from(kernel.flat()) };
}

function isSquare(rows: unknown): rows is number[][] {
  return (
    Array.isArray(rows) &&
    rows.length > 0 &&
    rows.every(
      (row) =>
        Array.isArray(row) && row.length === rows.length && row.every((value) => typeof value === "number"),
    )
  );
}
