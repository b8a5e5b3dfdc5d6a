import { l1Loss } from "../../../src/engine/ops/losses/l1-loss.js";
import { Tape } from "../../../src/engine/recording/tape.js";
import { downscaleByLayers, Generator } from "../../../src/model/gan/generator.js";
import { makeInputs, type NamedTensor, weightsOf } from "../inputs.js";
import type { Profile } from "./profile.js";

export const generatorByLayers: Profile = {
  title: "the generator layer by layer, forward and backward, 64×64",
  async prepare(engine) {
    const inputs = makeInputs();
    const generator = new Generator(engine);
    generator.parameters.write(weightsOf(inputs));
    const tape = new Tape(engine);
    const upload = ({ shape, data }: NamedTensor) => tape.constant(data).reshape(shape);
    const small = downscaleByLayers(tape, generator, upload(inputs.patch));
    const loss = l1Loss(tape, small, upload(inputs.target));
    tape.backward([{ loss, weight: 1 }], [generator.parameters.whole]);
    const program = await tape.finish();
    return {
      program,
      dispose() {
        program.dispose();
        generator.dispose();
      },
    };
  },
};
