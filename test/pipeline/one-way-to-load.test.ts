import { expect, it } from "vitest";
import { DISPOSE } from "../../src/engine/disposal.js";
import * as engine from "../../src/engine/index.js";
import * as library from "../../src/index.js";

/** Classes of an entry. */
function classesOf(entry: object): (new () => unknown)[] {
  return Object.values(entry).filter((value) => /^class\b/.test(String(value)));
}

it("every estimator and every upscaler is loaded in the same way", () => {
  const tools = classesOf(library).filter(
    ({ prototype }) => "estimate" in prototype || "upscale" in prototype,
  );
  const loaded = tools.filter((tool) => "load" in tool).map(({ name }) => name);
  expect(loaded).toEqual(
    expect.arrayContaining([
      "KernelGAN",
      "DSKernelGAN",
      "MetaKernelGAN",
      "SpectralEstimator",
      "FourierUpscaler",
      "GuidedUpscaler",
      "UsrNet",
    ]),
  );
  expect(tools.filter((tool) => !("load" in tool)).map(({ name }) => name)).toEqual(["AdaptiveEstimator"]);
});

it("`using` frees whatever has a dispose", () => {
  const owners = [library, engine].flatMap(classesOf).filter(({ prototype }) => "dispose" in prototype);
  expect(owners.length).toBeGreaterThan(10);
  expect(owners.filter(({ prototype }) => !(DISPOSE in prototype)).map(({ name }) => name)).toEqual([]);
});
