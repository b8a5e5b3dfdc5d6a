import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { compare } from "../../src/cli/commands/compare/run.js";
import { evaluate } from "../../src/cli/commands/evaluate/run.js";
import { degrade } from "../../src/kernel/degradation/degrade.js";
import { gaussianKernel } from "../../src/kernel/families/gaussian-kernel.js";
import { loadDawn } from "../../src/node/device/dawn.js";
import { writeKernel } from "../../src/node/files/kernel-files.js";
import { writeImage } from "../../src/node/image-io/write-image.js";
import { syntheticImage } from "../support/synthetic-image.js";

const folder = mkdtempSync(join(tmpdir(), "metakernelgan-lost-"));
const LR = join(folder, "KernelGANFKP_lr_x2_clean");
const KERNELS = join(folder, "KernelGANFKP_gt_k_x2_clean");

beforeAll(async () => {
  await loadDawn();
  const kernel = gaussianKernel({ lambda1: 3, lambda2: 2, theta: 0.5 });
  for (const part of ["HR", LR, KERNELS]) mkdirSync(join(part === "HR" ? folder : "", part));
  for (const [i, name] of ["a", "b"].entries()) {
    const hr = syntheticImage(i, 112, 96);
    await writeImage(join(folder, "HR", `${name}.png`), { rgb: hr });
    await writeImage(join(LR, `${name}.png`), { rgb: degrade(hr, kernel, 2) });
    await writeKernel(join(KERNELS, `${name}.mat`), kernel);
  }
});

afterAll(() => rmSync(folder, { recursive: true }));

const COMMON = { seed: 0, model: "fast", json: true } as const;
const RUNS = {
  evaluate: () =>
    evaluate(
      {
        ...COMMON,
        data: folder,
        scale: "2",
        setting: "clean",
        method: "spectral",
        runs: 1,
        images: true,
      },
      "test",
    ),
  compare: () =>
    compare(
      {
        ...COMMON,
        data: [folder],
        settings: [{ scale: 2, setting: "clean" }],
        methods: ["spectral"],
        sigma: "auto",
      },
      "test",
    ),
};

/** Runs a command; the devices in `lost` are lost as soon as they have made so many buffers. */
async function run(command: keyof typeof RUNS, lost: readonly number[]) {
  const [out, err] = (["stdout", "stderr"] as const).map((name) =>
    vi.spyOn(process[name], "write").mockReturnValue(true),
  );
  const create = GPUDevice.prototype.createBuffer;
  const counts = new Map<GPUDevice, number>();
  const spy = vi.spyOn(GPUDevice.prototype, "createBuffer").mockImplementation(function (
    this: GPUDevice,
    descriptor,
  ) {
    const count = (counts.get(this) ?? 0) + 1;
    counts.set(this, count);
    if (count === lost[[...counts.keys()].indexOf(this)]) this.destroy();
    return create.call(this, descriptor);
  });
  try {
    await RUNS[command]();
    const { seconds: _, ...result } = JSON.parse(out.mock.calls.map(([text]) => String(text)).join(""));
    const said = err.mock.calls.map(([text]) => String(text)).filter((text) => text.includes("lost"));
    return { result, said, buffers: [...counts.values()] };
  } finally {
    for (const each of [spy, out, err]) each.mockRestore();
  }
}

it.each(["evaluate", "compare"] as const)(
  "%s goes on with a new device wherever one is lost, to the same figures",
  async (command) => {
    const whole = await run(command, []);
    expect(whole.said).toEqual([]);
    const [buffers] = whole.buffers;
    for (const share of [0.35, 0.85]) {
      const { result, said, buffers: made } = await run(command, [Math.floor(share * buffers)]);
      expect(result).toEqual(whole.result);
      expect(said).toEqual([expect.stringMatching(/The GPU device was lost; .* once more with a new one\./)]);
      expect(made).toHaveLength(2);
    }
    await expect(run(command, [Math.floor(0.6 * buffers), 5])).rejects.toThrow(/device was lost/);
  },
);
