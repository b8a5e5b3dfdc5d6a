import type { Engine } from "../../src/engine/device/engine.js";
import { sigmoid } from "../../src/engine/ops/elementwise/sigmoid.js";
import { l1Loss } from "../../src/engine/ops/losses/l1-loss.js";
import type { Program } from "../../src/engine/recording/program.js";
import { Tape } from "../../src/engine/recording/tape.js";
import type { Tensor } from "../../src/engine/tensors/tensor.js";
import { Adaptation } from "../../src/estimate/adaptation/adaptation.js";
import type { StepRecorder } from "../../src/estimate/adaptation/step-recorder.js";
import { recordMetaKernelGanStep } from "../../src/estimate/metakernelgan/metakernelgan-step.js";
import { Discriminator } from "../../src/model/gan/discriminator.js";
import { downscaleByLayers, Generator } from "../../src/model/gan/generator.js";
import { ganLoss } from "../../src/model/losses/gan-loss.js";
import { ResUNet } from "../../src/model/usrnet/res-unet.js";
import { MetaStep } from "../../src/train/meta/meta-step.js";
import { GAN_DEFAULTS } from "../../src/train/outer-step/gan-settings.js";
import { USRNET_TINY } from "../../src/weights/layouts/usrnet-layout.js";
import type { Implementation, Task } from "../comparison/workloads.js";
import { recordStepByLayers } from "./by-layers.js";
import { type Inputs, type NamedTensor, weightsOf } from "./inputs.js";
import { metaTask } from "./meta-task.js";
import { Renewed } from "./timing/renewed.js";

/** Steps of one recording, whose tables have a row for each. */
const STEPS = 1000;
/** Steps in one submission of the adaptation, as in the product. */
const STEPS_PER_SUBMIT = 5;
const SEED = 0;

/** This package as a participant: the code of the product, with the noise off so that numbers can be compared. */
export function ours(engine: Engine): Implementation<Inputs> {
  return {
    name: "metakernelgan",
    workloads: {
      "discriminator-forward": (inputs) => discriminatorForward(engine, inputs),
      "discriminator-gradient": (inputs) => discriminatorGradient(engine, inputs),
      "generator-gradient": (inputs) => generatorGradient(engine, inputs),
      "adaptation-step": (inputs) => adaptationStep(engine, inputs, recordMetaKernelGanStep()),
      "adaptation-step-collapsed": (inputs) => adaptationStep(engine, inputs, recordMetaKernelGanStep()),
      "adaptation-step-layers": (inputs) => adaptationStep(engine, inputs, recordStepByLayers),
      "meta-step": (inputs) => metaStep(engine, inputs),
      "meta-step-collapsed": (inputs) => metaStep(engine, inputs),
      "res-unet-128": (inputs) => resUNetForward(engine, inputs, 128),
      "res-unet-256": (inputs) => resUNetForward(engine, inputs, 256),
    },
  };
}

async function discriminatorForward(engine: Engine, inputs: Inputs): Promise<Task> {
  const discriminator = loadDiscriminator(engine, inputs);
  const tape = new Tape(engine);
  const map = sigmoid(tape, discriminator.logits(tape, uploadItem(tape, inputs.quarter)));
  const program = await tape.finish();
  return replayed(program, [discriminator], async () => ({ map: await engine.read(map) }));
}

async function discriminatorGradient(engine: Engine, inputs: Inputs): Promise<Task> {
  const discriminator = loadDiscriminator(engine, inputs);
  const { parameters } = discriminator;
  const tape = new Tape(engine);
  const logits = discriminator.logits(tape, uploadItem(tape, inputs.quarter));
  const loss = ganLoss(tape, logits, [{ target: 1, weight: 1 }]);
  tape.backward([{ loss, weight: 1 }], [parameters.whole]);
  const gradient = tape.gradient(parameters.whole);
  const program = await tape.finish();
  return replayed(program, [discriminator], async () => ({
    loss: await engine.read(loss),
    ...Object.fromEntries(parameters.split(await engine.read(gradient))),
  }));
}

async function generatorGradient(engine: Engine, inputs: Inputs): Promise<Task> {
  const generator = new Generator(engine);
  const { parameters } = generator;
  parameters.write(weightsOf(inputs));
  const tape = new Tape(engine);
  const small = downscaleByLayers(tape, generator, upload(tape, inputs.patch));
  const loss = l1Loss(tape, small, upload(tape, inputs.target));
  tape.backward([{ loss, weight: 1 }], [parameters.whole]);
  const gradient = tape.gradient(parameters.whole);
  const program = await tape.finish();
  return replayed(program, [generator], async () => ({
    loss: await engine.read(loss),
    ...Object.fromEntries(parameters.split(await engine.read(gradient))),
  }));
}

/** The whole step, recorded for an image of one patch. */
async function adaptationStep(engine: Engine, inputs: Inputs, recorder: StepRecorder): Promise<Task> {
  const record = (steps: number): Promise<Adaptation> =>
    Adaptation.record(
      engine,
      weightsOf(inputs),
      {
        image: { width: 64, height: 64, data: inputs.patch.data },
        steps,
        corners: new Uint32Array(2 * steps),
        seed: SEED,
        noise: false,
      },
      recorder,
    );
  const timed = new Renewed(STEPS, record);
  return {
    async result() {
      const [one, two] = [await record(1), await record(2)];
      try {
        await one.run();
        const { losses } = await two.run();
        const [generator, discriminator] = await Promise.all([
          one.generator.parameters.read(),
          one.discriminator.parameters.read(),
        ]);
        return {
          losses: Float32Array.from(
            losses.flatMap((step) => [step.adversarial, step.constraints, step.discriminator]),
          ),
          ...Object.fromEntries([...generator, ...discriminator]),
        };
      } finally {
        one.dispose();
        two.dispose();
      }
    },
    provide: (times) => timed.provide(times),
    async run(times) {
      const adaptation = timed.take(times);
      for (let step = 0; step < times; step += STEPS_PER_SUBMIT) {
        adaptation.step.run(Math.min(STEPS_PER_SUBMIT, times - step));
      }
      await engine.synchronize();
    },
    dispose: () => timed.dispose(),
  };
}

async function metaStep(engine: Engine, inputs: Inputs): Promise<Task> {
  const evaluations = GAN_DEFAULTS.evaluations;
  const timed = new Renewed(STEPS, async (steps) => {
    const recorded = await MetaStep.record(engine, { noise: false, steps });
    recorded.initialization.load(weightsOf(inputs));
    return recorded;
  });
  return {
    async result() {
      const checked = await MetaStep.record(engine, { evaluations: [1], noise: false, steps: 1 });
      checked.initialization.load(weightsOf(inputs));
      checked.run([metaTask(inputs.meta, 1, 1)], [1], SEED);
      const { parameters, outer } = checked.initialization;
      return Object.fromEntries([
        ...parameters.generator.split(await engine.read(outer.generator)),
        ...parameters.discriminator.split(await engine.read(outer.discriminator)),
      ]);
    },
    provide: (times) => timed.provide(times),
    async run(times) {
      const step = timed.take(times);
      const task = metaTask(inputs.meta, evaluations.at(-1) as number, evaluations.length);
      const factors = evaluations.map(() => 1 / evaluations.length);
      for (let time = 0; time < times; time++) step.run([task], factors, SEED);
      await engine.synchronize();
    },
    dispose: () => timed.dispose(),
  };
}

async function resUNetForward(engine: Engine, { resUNet }: Inputs, side: number): Promise<Task> {
  const network = new ResUNet(engine, USRNET_TINY);
  network.parameters.write(new Map(Object.entries(resUNet.weights).map(([name, { data }]) => [name, data])));
  await network.prepare();
  const tape = new Tape(engine, false);
  const input = uploadItem(tape, resUNet.images[side] as NamedTensor);
  const image = network.forward(tape, input);
  const program = await tape.finish();
  return replayed(program, [network], async () => ({ image: await engine.read(image) }));
}

function loadDiscriminator(engine: Engine, inputs: Inputs): Discriminator {
  const discriminator = new Discriminator(engine);
  discriminator.parameters.write(weightsOf(inputs));
  discriminator.vectors.write(weightsOf(inputs));
  return discriminator;
}

function upload(tape: Tape, { shape, data }: NamedTensor): Tensor {
  return tape.constant(data).reshape(shape);
}

/** [3, H, W] as a batch of one. */
function uploadItem(tape: Tape, image: NamedTensor): Tensor {
  return upload(tape, image).reshape([1, ...image.shape]);
}

/** A task that replays a program, whose first run gives the result. */
function replayed(
  program: Program,
  owners: readonly { dispose(): void }[],
  read: () => Promise<Record<string, Float32Array>>,
): Task {
  return {
    result() {
      program.run();
      return read();
    },
    async run(times) {
      for (let time = 0; time < times; time++) program.run();
      await program.engine.synchronize();
    },
    dispose() {
      for (const owner of [program, ...owners]) owner.dispose();
    },
  };
}
