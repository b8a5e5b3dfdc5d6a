// onnxruntime-web with its WebGPU provider: a graph of the forward pass, whose inputs and outputs stay in GPU buffers.

import wasm from "onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url";
import * as ort from "onnxruntime-web/webgpu";
import { onnxWorkloads } from "./onnx/tasks.js";

/** @type {import("../comparison/workloads.js").Implementation<import("../harness/inputs.js").Inputs>} */
export default {
  name: "onnxruntime-web, WebGPU",
  async open() {
    if (!("document" in globalThis)) throw new Error("its build with WebGPU runs in a browser only");
    ort.env.wasm.wasmPaths = { wasm };
    ort.env.wasm.numThreads = 1;
    ort.env.logLevel = "error";
  },
  workloads: onnxWorkloads({
    session,
    tensor,
    wait: async () => (await ort.env.webgpu.device).queue.onSubmittedWorkDone(),
  }),
};

/** Captured dispatches are faster on a GPU; on SwiftShader they made no difference. */
async function session(model, fixed) {
  const options = { executionProviders: ["webgpu"], preferredOutputLocation: "gpu-buffer" };
  const { isFallbackAdapter, architecture } = (await navigator.gpu.requestAdapter()).info;
  const captured = fixed && !isFallbackAdapter && architecture !== "swiftshader";
  return ort.InferenceSession.create(model, { ...options, enableGraphCapture: captured });
}

/** An input in a GPU buffer of its own, so that no run uploads it. The session has opened the device by then. */
async function tensor(data, dims) {
  const device = await ort.env.webgpu.device;
  const size = Math.max(16, 16 * Math.ceil(data.byteLength / 16));
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const buffer = device.createBuffer({ size, usage });
  device.queue.writeBuffer(buffer, 0, data);
  return ort.Tensor.fromGpuBuffer(buffer, { dataType: "float32", dims, dispose: () => buffer.destroy() });
}
