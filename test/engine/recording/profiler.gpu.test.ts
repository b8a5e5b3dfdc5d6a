import { describe, expect, it } from "vitest";
import { FeatureError } from "../../../src/engine/errors.js";
import { sigmoid } from "../../../src/engine/ops/elementwise/sigmoid.js";
import { matmul } from "../../../src/engine/ops/linear-algebra/matmul.js";
import { profile } from "../../../src/engine/recording/profiler.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { useEngine } from "../../support/engine.js";

const gpu = useEngine();

describe("profile", () => {
  it("times every dispatch and counts its multiply-adds, or says that it cannot", async () => {
    const tape = new Tape(gpu.engine);
    const a = tape.tensor([2, 64, 64]);
    const b = tape.tensor([2, 64, 256]);
    matmul(tape, a, b);
    sigmoid(tape, sigmoid(tape, b));
    const program = await tape.finish();
    if (!gpu.engine.device.features.has("timestamp-query")) {
      await expect(profile(program)).rejects.toThrow(FeatureError);
      return;
    }
    const times = await profile(program);
    const dispatches = times.reduce((sum, time) => sum + time.dispatches, 0);
    expect(dispatches).toBe(program.dispatches.length);
    expect(times.find(({ label }) => label === "sigmoid")?.dispatches).toBe(2);
    const products = times.filter(({ label }) => label.startsWith("matmul"));
    expect(products.map(({ multiplyAdds }) => multiplyAdds)).toEqual([2 * 64 * 64 * 256]);
    for (const { milliseconds } of times) expect(milliseconds).toBeGreaterThanOrEqual(0);
    expect(times.reduce((sum, { milliseconds }) => sum + milliseconds, 0)).toBeGreaterThan(0);
    program.dispose();
  });
  it("says how many dispatches it can time", async ({ skip }) => {
    skip(!gpu.engine.device.features.has("timestamp-query"), "this device has no timestamps");
    const tape = new Tape(gpu.engine);
    const x = tape.tensor([4]);
    for (let count = 0; count < 2049; count++) sigmoid(tape, x);
    const program = await tape.finish();
    await expect(profile(program)).rejects.toThrow("up to 2048 dispatches; this program has 2049.");
    await gpu.engine.synchronize();
    program.dispose();
  });
});
