import { describe, it } from "vitest";
import { useEngine } from "../../../support/engine.js";
import { expectAccurate, lengths } from "./fft-errors.js";

const gpu = useEngine();

// In Node alone: a browser has no other arithmetic for one length than for its neighbors.
describe("Fourier transform", () => {
  it.each([
    [1, 100],
    [101, 200],
    [201, 300],
  ])("of every length from %i to %i, there and back", async (low, high) => {
    await expectAccurate(gpu.engine, lengths(low, high));
  });
});
