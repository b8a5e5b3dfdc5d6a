import { describe, expect, it } from "vitest";
import type { EstimateSnapshot } from "../../../src/estimate/kernel-estimator.js";
import { MetaKernelGAN } from "../../../src/estimate/metakernelgan/metakernelgan.js";
import { rgbImage } from "../../../src/image/rgb-image.js";
import { useEngine } from "../../support/engine.js";

const SIDE = 64;
const gpu = useEngine();
const image = rgbImage(
  SIDE,
  SIDE,
  Float32Array.from({ length: 3 * SIDE ** 2 }, (_, i) => ((i * 7919) % 256) / 255),
);

async function watch(steps: number, snapshotEvery?: number) {
  const snapshots: EstimateSnapshot[] = [];
  const events: string[] = [];
  const estimate = await (await MetaKernelGAN.load(gpu.engine, "random")).estimate(image, {
    steps,
    snapshotEvery,
    onProgress: ({ done }) => events.push(`progress ${done}`),
    onSnapshot: (snapshot) => {
      snapshots.push(snapshot);
      events.push(`snapshot ${snapshot.step}`);
    },
  });
  return { estimate, snapshots, events };
}

describe("snapshots of an estimate", () => {
  it("are the kernels and losses that the finished estimate has", async () => {
    const { estimate, snapshots, events } = await watch(12);
    const steps = [5, 10, 12].flatMap((step) => [`snapshot ${step}`, `progress ${step}`]);
    expect(events).toEqual(["progress 0", ...steps]);
    for (const { step, kernel } of snapshots) expect(kernel).toEqual(estimate.kernels[step]);
    expect(snapshots.flatMap(({ losses }) => losses)).toEqual(estimate.losses);
  });

  it("come as rarely as asked, and after the last step", async () => {
    const { estimate, snapshots } = await watch(18, 10);
    expect(snapshots.map(({ step }) => step)).toEqual([10, 18]);
    expect(snapshots.flatMap(({ losses }) => losses)).toEqual(estimate.losses);
  });

  it("change nothing of the result", async () => {
    const { estimate } = await watch(7);
    const unwatched = await (await MetaKernelGAN.load(gpu.engine, "random")).estimate(image, { steps: 7 });
    expect(estimate).toEqual(unwatched);
  });
});
