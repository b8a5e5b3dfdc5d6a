// onnxruntime-web on the CPU, which is what its documents recommend without a GPU: WebAssembly with SIMD and all threads.

import wasm from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";
import * as ort from "onnxruntime-web/wasm";
import { onnxWorkloads } from "./onnx/tasks.js";

/** @type {import("../comparison/workloads.js").Implementation<import("../harness/inputs.js").Inputs>} */
export default {
  name: "onnxruntime-web, wasm",
  async open() {
    if (!("document" in globalThis)) throw new Error("it is measured in a browser, for which it is made");
    if (!globalThis.crossOriginIsolated) throw new Error("it has no threads here: the page is not isolated");
    ort.env.wasm.wasmPaths = { wasm };
    ort.env.wasm.numThreads = navigator.hardwareConcurrency;
    ort.env.logLevel = "error";
  },
  workloads: onnxWorkloads({
    session: (model) =>
      ort.InferenceSession.create(model, { executionProviders: ["wasm"], graphOptimizationLevel: "all" }),
    tensor: async (data, dims) => new ort.Tensor("float32", data.slice(), dims),
    // A run ends with its result.
    wait: async () => {},
  }),
};
