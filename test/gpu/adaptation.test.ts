import { describe, expect, it } from "vitest";
import { Adaptation } from "../../src/train/adaptation.js";
import json from "../fixtures/adaptation.json";
import { useEngine } from "../support/engine.js";
import { type AdaptationFixture, syntheticImage, syntheticWeights } from "../support/synthetic.js";

const fixture = json as unknown as AdaptationFixture;
const gpu = useEngine();

describe("adaptation against the float64 reference", () => {
  it("smoke", async () => {
    const weights = new Map([...syntheticWeights(fixture)].map(([name, { data }]) => [name, data]));
    const t0 = performance.now();
    const adaptation = await Adaptation.record(gpu.engine, weights, {
      image: syntheticImage(fixture),
      steps: fixture.patches.length,
      corners: fixture.patches.flat(),
      seed: fixture.seed,
      noise: false,
    });
    const t1 = performance.now();
    const { kernels, losses } = await adaptation.run();
    const t2 = performance.now();
    console.log(
      adaptation.step.dispatches.length,
      adaptation.step.multiplyAdds,
      gpu.engine.memory,
      t1 - t0,
      (t2 - t1) / 25,
    );
    for (const [step, expected] of Object.entries(fixture.kernels)) {
      const k = kernels[Number(step)] as Float32Array;
      console.log(
        step,
        Math.max(...k.map((v, i) => Math.abs(v - (expected[i] as number)))),
        Math.max(...expected),
      );
    }
    console.log(losses.slice(0, 3), fixture.losses.slice(0, 3));
    adaptation.dispose();
    expect(gpu.engine.memory.bytes).toBe(0);
  });
});
