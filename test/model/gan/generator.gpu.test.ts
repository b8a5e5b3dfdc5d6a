import { describe, expect, it } from "vitest";
import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { randomGanWeights } from "../../../src/model/gan/gan-weights.js";
import { downscaleByLayers, Generator } from "../../../src/model/gan/generator.js";
import { useEngine } from "../../support/engine.js";
import { relativeError } from "../../support/gradient-check.js";

const gpu = useEngine();

describe("the collapsed generator", () => {
  it("blurs, downscales and learns as the six layers do", async () => {
    const { engine } = gpu;
    const generator = new Generator(engine);
    generator.parameters.write(randomGanWeights(3));
    const image = engine.tensor([3, 16, 14], {
      data: Float32Array.from({ length: 3 * 16 * 14 }, (_, i) => Math.sin(i * i) / 2 + 0.5),
    });

    const run = async (collapsed: boolean) => {
      const tape = new Tape(engine);
      if (collapsed) generator.chain.refresh(tape);
      const small = collapsed
        ? generator.downscale(tape, image, generator.chain.kernel(tape))
        : downscaleByLayers(tape, generator, image);
      expect(small.shape).toEqual([3, 1, 8, 7]);
      // The signs are those of the references, which are far beyond what such weights give.
      const far = Float32Array.from({ length: small.size }, (_, i) => (Math.sin(3 * i * i) < 0 ? -9 : 9));
      tape.backward(
        [{ loss: l1Loss(tape, small, tape.constant(far)), weight: 1 }],
        [generator.parameters.whole],
      );
      const program = await tape.finish();
      program.run();
      const result = {
        small: await engine.read(small),
        gradients: generator.parameters.split(await engine.read(tape.gradient(generator.parameters.whole))),
      };
      program.dispose();
      return result;
    };

    const layered = await run(false);
    const collapsed = await run(true);
    expect(relativeError(collapsed.small, layered.small)).toBeLessThan(1e-5);
    expect([...collapsed.gradients.keys()]).toHaveLength(6);
    for (const [name, gradient] of collapsed.gradients) {
      expect(relativeError(gradient, layered.gradients.get(name) ?? []), name).toBeLessThan(1e-5);
    }
    generator.dispose();
    engine.free(image);
    expect(engine.memory.bytes).toBe(0);
  });
});
