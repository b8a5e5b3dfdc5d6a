import { Adaptation } from "../../../src/estimate/adaptation/adaptation.js";
import { recordMetaKernelGanStep } from "../../../src/estimate/metakernelgan/metakernelgan-step.js";
import { makeInputs, weightsOf } from "../inputs.js";
import type { Profile } from "./profile.js";

export const adaptation: Profile = {
  title: "one adaptation step",
  async prepare(engine, runs) {
    const inputs = makeInputs();
    // The image is one patch, so a crop binds exactly the bytes that it reads.
    const recorded = await Adaptation.record(
      engine,
      weightsOf(inputs),
      {
        image: { width: 64, height: 64, data: inputs.patch.data },
        steps: runs,
        corners: new Uint32Array(2 * runs),
        seed: 0,
      },
      recordMetaKernelGanStep(),
    );
    return { program: recorded.step, dispose: () => recorded.dispose() };
  },
};
