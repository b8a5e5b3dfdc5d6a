import { expect, it } from "vitest";
import { StepCounter } from "../../../src/engine/recording/step-counter.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { type BlurKernel, blurKernel, flipKernel } from "../../../src/kernel/blur-kernel.js";
import { recordBlur, setBorder } from "../../../src/upscale/tiles/fit-border.js";
import { useEngine } from "../../support/engine.js";
import { syntheticImage } from "../../support/synthetic-image.js";

const gpu = useEngine();
const inner = [9, 8] as const;
const extended = [15, 12] as const;

/** A kernel that is the same along no axis. */
function lopsided(size: number, scale: number): BlurKernel<"correlation"> {
  const values = Float64Array.from({ length: size ** 2 }, (_, i) => ((i * 7 + 3) % 11) + i / size);
  const sum = values.reduce((total, value) => total + value, 0);
  return blurKernel(
    values.map((value) => value / sum),
    scale,
  );
}

/** What correlation with a kernel makes of every `scale`-th pixel of a large image that wraps around, tap by tap. */
function blurred(large: Float32Array, { size, values, scale }: BlurKernel, at: readonly number[]): number {
  const [height, width] = extended.map((side) => side * scale);
  const [plane = 0, y = 0, x = 0] = at;
  let sum = 0;
  values.forEach((value, i) => {
    const row = (y * scale + Math.floor(i / size) - Math.floor(size / 2) + 9 * height) % height;
    const column = (x * scale + (i % size) - Math.floor(size / 2) + 9 * width) % width;
    sum += value * large[(plane * height + row) * width + column];
  });
  return sum;
}

it.each([
  ["of one pixel", 1, 2, true],
  ["of odd sides", 5, 2, true],
  ["of even sides", 4, 2, true],
  ["of even sides, at x3", 12, 3, true],
  ["that is written flipped", 5, 2, false],
  ["that is wider than the image", 61, 1, true],
])("the border becomes what a kernel %s makes of the large image", async (_, size, scale, asItIs) => {
  const { engine } = gpu;
  const kernel = lopsided(size, scale);
  const [h, w] = extended;
  const { data } = syntheticImage(4, w * scale, h * scale);
  const large = engine.tensor([3, h * scale, w * scale], { data });
  using counter = new StepCounter(engine);
  counter.reset(0);
  const tape = new Tape(engine, false);
  const output = recordBlur(tape, large, counter, asItIs ? kernel : flipKernel(kernel));
  using program = await tape.finish();
  program.run();
  const planes = Float32Array.from({ length: 3 * h * w }, (_, i) => -i);
  setBorder(planes, await engine.read(output), kernel, { inner, extended, scale });
  engine.free(large);
  planes.forEach((value, i) => {
    const [plane, y, x] = [Math.floor(i / w / h), Math.floor(i / w) % h, i % w];
    if (y < inner[0] && x < inner[1]) expect(value).toBe(-i);
    else expect(Math.abs(value - blurred(data, kernel, [plane, y, x]))).toBeLessThan(1e-5);
  });
});
