// onnxruntime-web with its WebGPU provider: a graph of the forward pass. The vectors u stay in GPU buffers between runs.

import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import { discriminatorModel } from "./onnx/discriminator-model.js";
import { resUNetModel } from "./onnx/res-unet-model.js";

const noGradients = async () => {
  throw new Error("its WebGPU provider computes no gradients");
};

/** @type {import("../comparison/workloads.js").Implementation<import("../harness/inputs.js").Inputs>} */
export default {
  name: "onnxruntime-web",
  async open() {
    if (!("document" in globalThis)) throw new Error("its build with WebGPU runs in a browser only");
    ort.env.wasm.wasmPaths = { wasm };
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = "error";
  },
  workloads: {
    "discriminator-forward": discriminatorForward,
    "discriminator-gradient": noGradients,
    "generator-gradient": noGradients,
    "adaptation-step": noGradients,
    "adaptation-step-collapsed": noGradients,
    "res-unet-128": (inputs) => resUNetForward(inputs, 128),
    "res-unet-256": (inputs) => resUNetForward(inputs, 256),
  },
};

/** The image stays in a GPU buffer too. NCHW layout, captured dispatches and a simpler graph made no difference. */
async function resUNetForward({ resUNet }, side) {
  const shape = [1, ...resUNet.images[side].shape];
  const session = await ort.InferenceSession.create(resUNetModel(resUNet.weights, shape), {
    executionProviders: ["webgpu"],
    preferredOutputLocation: "gpu-buffer",
  });
  const device = await ort.env.webgpu.device;
  const { data } = resUNet.images[side];
  const buffer = device.createBuffer({
    size: data.byteLength,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC,
  });
  device.queue.writeBuffer(buffer, 0, data);
  const x = ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims: shape });
  const run = async () => (await session.run({ x })).image;
  return {
    async result() {
      const image = await run();
      const data = Float32Array.from(await image.getData());
      image.dispose();
      return { image: data };
    },
    async run(times) {
      for (let time = 0; time < times; time++) (await run()).dispose();
      await device.queue.onSubmittedWorkDone();
    },
    async dispose() {
      await session.release();
      buffer.destroy();
    },
  };
}

async function discriminatorForward({ tensors, quarter }) {
  const session = await ort.InferenceSession.create(discriminatorModel(tensors), {
    executionProviders: ["webgpu"],
    preferredOutputLocation: "gpu-buffer",
  });
  const { device } = ort.env.webgpu;
  const x = new ort.Tensor("float32", quarter.data.slice(), [1, 3, 32, 32]);
  const layers = Array.from({ length: 7 }, (_, n) => n);
  let vectors = layers.map((n) => {
    const { shape, data } = tensors[`discriminator.conv.${n}.weight_u`];
    return new ort.Tensor("float32", data.slice(), [1, ...shape]);
  });
  const next = async () => {
    const before = vectors;
    const outputs = await session.run({ x, ...Object.fromEntries(layers.map((n) => [`u${n}`, before[n]])) });
    for (const vector of before) vector.dispose();
    vectors = layers.map((n) => outputs[`next${n}`]);
    return outputs.map;
  };
  return {
    async result() {
      const map = await next();
      const data = Float32Array.from(await map.getData());
      map.dispose();
      return { map: data };
    },
    async run(times) {
      for (let time = 0; time < times; time++) (await next()).dispose();
      await (await device).queue.onSubmittedWorkDone();
    },
    async dispose() {
      for (const vector of vectors) vector.dispose();
      await session.release();
    },
  };
}
