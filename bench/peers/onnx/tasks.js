import { discriminatorModel } from "./discriminator-model.js";
import { resUNetModel } from "./res-unet-model.js";

const LAYERS = Array.from({ length: 7 }, (_, n) => n);

/** Workloads that inference cannot do. */
const noGradients = async () => {
  throw new Error("it computes no gradients");
};

/**
 * The workloads of onnxruntime-web, whatever computes.
 * @param {object} backend
 * @param {(model: Uint8Array, fixed: boolean) => Promise<any>} backend.session opens a session; `fixed` if every run has the
 *   same inputs, so that its dispatches can be captured.
 * @param {(data: Float32Array, dims: number[]) => Promise<any>} backend.tensor makes an input where the backend reads it.
 * @param {() => Promise<void>} backend.wait waits for the device.
 */
export function onnxWorkloads(backend) {
  return {
    "discriminator-forward": (inputs) => discriminatorForward(backend, inputs),
    "discriminator-gradient": noGradients,
    "generator-gradient": noGradients,
    "adaptation-step": noGradients,
    "adaptation-step-collapsed": noGradients,
    "adaptation-step-layers": noGradients,
    "res-unet-128": (inputs) => resUNetForward(backend, inputs, 128),
    "res-unet-256": (inputs) => resUNetForward(backend, inputs, 256),
  };
}

async function resUNetForward({ session: open, tensor, wait }, { resUNet }, side) {
  const image = resUNet.images[side];
  const shape = [1, ...image.shape];
  const session = await open(resUNetModel(resUNet.weights, shape), true);
  const x = await tensor(image.data, shape);
  const run = async () => (await session.run({ x })).image;
  return {
    result: async () => ({ image: await taken(await run()) }),
    async run(times) {
      for (let time = 0; time < times; time++) (await run()).dispose();
      await wait();
    },
    async dispose() {
      await session.release();
      x.dispose();
    },
  };
}

/** The vectors u stay where the backend has written them between runs. */
async function discriminatorForward({ session: open, tensor, wait }, { tensors, quarter }) {
  const session = await open(discriminatorModel(tensors), false);
  const x = await tensor(quarter.data, [1, 3, 32, 32]);
  let vectors = await Promise.all(
    LAYERS.map((n) => {
      const { shape, data } = tensors[`discriminator.conv.${n}.weight_u`];
      return tensor(data, [1, ...shape]);
    }),
  );
  const next = async () => {
    const before = vectors;
    const outputs = await session.run({ x, ...Object.fromEntries(LAYERS.map((n) => [`u${n}`, before[n]])) });
    for (const vector of before) vector.dispose();
    vectors = LAYERS.map((n) => outputs[`next${n}`]);
    return outputs.map;
  };
  return {
    result: async () => ({ map: await taken(await next()) }),
    async run(times) {
      for (let time = 0; time < times; time++) (await next()).dispose();
      await wait();
    },
    async dispose() {
      for (const vector of [...vectors, x]) vector.dispose();
      await session.release();
    },
  };
}

/** The values of a result, which is freed. */
async function taken(result) {
  const values = Float32Array.from(await result.getData());
  result.dispose();
  return values;
}
