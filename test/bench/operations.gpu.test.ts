import { describe, expect, it } from "vitest";
import { OperationSession } from "../../bench/harness/sessions/operation-session.js";
import { OPERATIONS } from "../../bench/operations/index.js";
import { parseCases } from "../../bench/operations/parse.js";
import { useEngine } from "../support/engine.js";

const gpu = useEngine();

/** Small sizes of each operation, odd where it takes them. */
const SMALL: Readonly<Record<string, string>> = {
  conv2d: "3x5x17x19 k5 s2 p2 n2",
  conv3x3: "4x8x18x13 n2",
  "winograd-conv3x3": "3x5x18x13 n2",
  downsample2x2: "4x8x16x12",
  upsample2x2: "4x8x9x7",
  unfold: "3x11x9 k3 n2",
  matmul: "12x20x8 n3",
  transpose: "13x9 n2",
  axpy: "1024",
  fft: "18x20 n2",
  "inverse-fft": "17x20",
  "add-bias": "5x64",
  crop: "3x40x36 k16",
  "pad-replicate": "3x17x19 p5",
  trim: "3x17x19 p5",
  "normalized-layers": "8x64 l3 n2",
  "spectral-norm": "12x20",
  collapse: "16",
};

async function open(text: string, gradient: boolean): Promise<OperationSession> {
  const [{ operation, sizes, numbers }] = parseCases(text.split(" ")) as [ReturnType<typeof parseCases>[0]];
  return OperationSession.open(gpu.engine, { name: operation.name, sizes, numbers, gradient });
}

describe.each(OPERATIONS.map(({ name }) => name))("the operation %s", (name) => {
  const text = `${name} ${SMALL[name] ?? "1000"}`;

  it("computes what its definition says, forward and backward, and declares its multiply-adds", async ({
    skip,
  }) => {
    const { features } = gpu.engine.device;
    skip(name === "cast" && !features.has("shader-f16"), "this adapter has no shader-f16");
    const session = await open(text, true);
    for (const { what, difference = 0 } of await session.check()) {
      expect(difference, `${text}: ${what}`).toBeLessThan(1e-3);
    }
    const declared = session.timing.work
      .filter(({ pass }) => pass === "forward")
      .reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
    expect(declared, text).toBe(session.multiplyAdds);
    session.dispose();
  });
});

describe("a convolution with a stride", () => {
  it.each(["8x8x19x19 k5 s2 n2", "8x8x18x18 k5 s2 p1"])(
    "of %s is right as products of columns",
    async (sizes) => {
      const session = await open(`conv2d ${sizes}`, true);
      expect(session.timing.work[0]?.name).toBe("conv2d_columns");
      for (const { what, difference = 0 } of await session.check())
        expect(difference, what).toBeLessThan(1e-5);
      const declared = session.timing.work
        .filter(({ pass }) => pass === "forward")
        .reduce((sum, { multiplyAdds }) => sum + multiplyAdds, 0);
      expect(declared).toBe(session.multiplyAdds);
      session.dispose();
    },
  );
});

describe("an operation of odd sizes", () => {
  it.each(["matmul 7x13x5 n3", "axpy 3", "add-bias 3x7", "normalized-layers 5x37 l2"])(
    "%s is computed, padded",
    async (text) => {
      const session = await open(text, true);
      for (const { difference = 0 } of await session.check()) expect(difference).toBeLessThan(1e-3);
      session.dispose();
    },
  );

  it("says if nothing would be left of an image", async () => {
    await expect(open("trim 3x5x9 p5", false)).rejects.toThrow(
      /^trim p5 leaves nothing of 5×9 pixels: give a smaller p\.$/,
    );
  });
});

describe("an operation", () => {
  it("is caught if its numbers are wrong", async () => {
    const session = await open("matmul 16x16x16", true);
    const { check } = session;
    expect(Math.max(...(await check.call(session)).map(({ difference = 0 }) => difference))).toBeLessThan(
      1e-4,
    );
    // The same program with other inputs than it believes to have.
    const [input] = (session as unknown as { inputs: { data: Float32Array }[] }).inputs;
    input?.data.fill(0.5);
    expect(Math.max(...(await check.call(session)).map(({ difference = 0 }) => difference))).toBeGreaterThan(
      0.1,
    );
    session.dispose();
  });

  it("is compared at both ends of its result, and everywhere if it is small", async () => {
    for (const [size, ends] of [
      [100_000, [0, 99_999]],
      [7, [0, 1, 2, 3, 4, 5, 6]],
    ] as const) {
      for (const at of ends) {
        const session = await open(`add ${size}`, false);
        // An input is not what it is believed to be, at one place.
        const [input] = (session as unknown as { inputs: { data: Float32Array }[] }).inputs;
        (input as { data: Float32Array }).data[at] = 30;
        const [check] = await session.check();
        expect(check?.difference, `${size} at ${at}`).toBeGreaterThan(0.1);
        session.dispose();
      }
    }
  });
});
