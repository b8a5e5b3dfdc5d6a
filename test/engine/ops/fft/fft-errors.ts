import { expect } from "vitest";
import type { Engine } from "../../../../src/engine/device/engine.js";
import { inverseRealFft2d, realFft2d } from "../../../../src/engine/ops/fft/fft.js";
import { RandomStream } from "../../../../src/engine/random.js";
import { Tape } from "../../../../src/engine/recording/tape.js";
import { realFft2d as oracle } from "../../../oracle/fft.js";
import { randomArray, relativeError, upload } from "../../../support/gradient-check.js";

/** Norm of the difference over norm, of a spectrum and of an image that went there and back. */
const TOLERANCE = 2e-6;

/** Transforms images there and back in one program, and gives the relative errors of both ways. */
async function errors(
  engine: Engine,
  shapes: readonly (readonly number[])[],
): Promise<{ there: number[]; back: number[] }> {
  const random = new RandomStream(1, 20);
  const tape = new Tape(engine);
  const cases = shapes.map((shape) => {
    const image = randomArray(random, shape);
    const x = upload(engine, image);
    const spectrum = realFft2d(tape, x);
    return { image, x, spectrum, restored: inverseRealFft2d(tape, spectrum, shape[2] as number) };
  });
  const program = await tape.finish();
  program.run();
  const there: number[] = [];
  const back: number[] = [];
  for (const { image, x, spectrum, restored } of cases) {
    there.push(relativeError(await engine.read(spectrum), oracle(image).data));
    back.push(relativeError(await engine.read(restored), image.data));
    engine.free(x);
  }
  program.dispose();
  return { there, back };
}

/** Images of these shapes come back from their spectra, which are those of the oracle. */
export async function expectAccurate(engine: Engine, shapes: readonly (readonly number[])[]): Promise<void> {
  const { there, back } = await errors(engine, shapes);
  const worse = (error: number): boolean => !(error <= TOLERANCE);
  expect(shapes.filter((_, i) => worse(there[i] as number))).toEqual([]);
  expect(shapes.filter((_, i) => worse(back[i] as number))).toEqual([]);
}

/** Lengths from low to high, each as a row and as a column. */
export function lengths(low: number, high: number): number[][] {
  const all = Array.from({ length: high - low + 1 }, (_, i) => low + i);
  return all.flatMap((n) => [
    [1, 3, n],
    [1, n, 3],
  ]);
}
