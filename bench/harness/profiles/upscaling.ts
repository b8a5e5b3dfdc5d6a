import { gaussianKernel } from "../../../src/kernel/families/gaussian-kernel.js";
import { initialUpscaler } from "../../../src/train/upscaler/initial-upscaler.js";
import { UsrNet } from "../../../src/upscale/usrnet/usrnet.js";
import type { Profile } from "./profile.js";

/** Side of the small image. The large one is twice as long. */
const SIDE = 256;

export const upscaling: Profile = {
  title: `one iteration of a USRNet of the packaged size, ${2 * SIDE}×${2 * SIDE}`,
  async prepare(engine) {
    const net = await UsrNet.load(engine, initialUpscaler(0));
    const kernel = gaussianKernel({ lambda1: 3, lambda2: 1, theta: 0.5 });
    const tile = await net.recordTile(SIDE, SIDE, { kernel, scale: 2 });
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
};
