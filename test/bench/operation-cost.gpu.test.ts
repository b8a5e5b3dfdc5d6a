import { describe, expect, it } from "vitest";
import { OperationSession } from "../../bench/harness/sessions/operation-session.js";
import { median } from "../../bench/report/statistics/statistics.js";
import { kernelFigures } from "../../bench/report/tables/figures.js";
import { useEngine } from "../support/engine.js";
import { ROOFLINE } from "./results.js";

const gpu = useEngine();

describe("an operation of known cost", () => {
  it("has the FLOPs and the share of the roofline that arithmetic gives", async () => {
    const session = await OperationSession.open(gpu.engine, {
      name: "matmul",
      sizes: [256, 128, 64],
      numbers: {},
      gradient: true,
    });
    const [forward, ...gradient] = session.timing.work.filter(({ multiplyAdds }) => multiplyAdds > 0);
    const product = 256 * 128 * 64;
    expect(forward?.multiplyAdds).toBe(product);
    // Of both inputs.
    expect(gradient.map(({ pass, multiplyAdds }) => [pass, multiplyAdds])).toEqual([
      ["gradient", product],
      ["gradient", product],
    ]);
    await session.timing.calibrate();
    const samples = [];
    for (let run = 0; run < 5; run++) samples.push(await session.timing.sample());
    const index = session.timing.work.findIndex((each) => each === forward || each.name === forward?.name);
    const time = median(samples.map(({ dispatches }) => dispatches[index] as number));
    expect(time).toBeGreaterThan(0);
    const work = session.timing.work[index] as (typeof session.timing.work)[0];
    const figures = kernelFigures(work, time, ROOFLINE);
    expect(figures?.gflops).toBeCloseTo((2 * product) / time / 1e6, 6);
    expect(figures?.share).toBeCloseTo((2 * product) / time / 1e6 / ROOFLINE.arithmetic.rate, 6);
    // The whole is all dispatches and a submission: no dispatch alone takes longer.
    for (const { dispatches, whole } of samples) {
      expect(whole).toBeGreaterThan(0.2 * Math.max(...dispatches));
    }
    session.dispose();
  });
});
