import { describe, expect, it } from "vitest";
import { difference } from "../../bench/comparison/agreement.js";
import { comparable } from "../../bench/comparison/comparable.js";
import { decodeFloats, encodeFloats } from "../../bench/harness/floats.js";
import { makeInputs } from "../../bench/harness/inputs.js";

const inputs = makeInputs();

/** Every weight after a step in which each of the named ones moved by so much. */
function moved(step: number): Record<string, Float32Array> {
  const names = [...inputs.generator, ...inputs.discriminator];
  return {
    losses: Float32Array.of(0.5),
    ...Object.fromEntries(
      names.map((name) => [name, (inputs.tensors[name] as { data: Float32Array }).data.map((w) => w + step)]),
    ),
  };
}

describe("what is compared", () => {
  it("of an adaptation step is the step: a wrong one shows, though the weights hardly differ", () => {
    const [right, wrong] = [moved(1e-4), moved(1.1e-4)];
    expect(difference(right, wrong).value).toBeLessThan(1e-3);
    const compared = [right, wrong].map((result) => comparable("adaptation-step", result, inputs));
    expect(difference(compared[0] ?? {}, compared[1] ?? {}).value).toBeCloseTo(0.09, 2);
    expect(Object.keys(compared[0] ?? {})).toEqual([
      "losses",
      "all of the generator",
      "all of the discriminator",
    ]);
  });

  it("is not a bias that cannot change anything", () => {
    const gradient = {
      "discriminator.conv.0.bias": Float32Array.of(1e-9),
      "discriminator.conv.6.bias": Float32Array.of(1),
    };
    expect(Object.keys(comparable("discriminator-gradient", gradient, inputs))).toEqual([
      "discriminator.conv.6.bias",
    ]);
  });

  it("survives the way out of a page, to the bit", () => {
    const values = Float32Array.from({ length: 40_000 }, (_, i) => (i === 7 ? Number.NaN : Math.sin(i)));
    expect(decodeFloats(encodeFloats(values))).toEqual(values);
    expect(decodeFloats(encodeFloats(values.subarray(3, 5)))).toEqual(values.slice(3, 5));
  });
});
