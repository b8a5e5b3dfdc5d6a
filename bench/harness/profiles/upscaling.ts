import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler } from "../../../src/train/upscaler/initial-upscaler.js";
import { UsrNet } from "../../../src/upscale/usrnet/usrnet.js";
import type { Profile } from "./profile.js";

/** @param side of the small image; the large one is twice as long. */
export const upscaling = (side: number): Profile => ({
  title: `one iteration of a USRNet of the packaged size, ${2 * side}×${2 * side}`,
  async prepare(engine) {
    const net = await UsrNet.load(engine, initialUpscaler(0));
    const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
    const tile = await net.recordTile(side, side, { kernel, scale: 2 });
    tile.start.run();
    return {
      program: tile.iteration,
      reset: () => tile.reset(),
      dispose() {
        tile.dispose();
        net.dispose();
      },
    };
  },
});
