/** What kind of device computes: `lavapipe` and `swiftshader` are Vulkan drivers that run on the CPU. */
export type AdapterKind = "gpu" | "lavapipe" | "swiftshader";

/** The device that computed a result; plain data, named in every JSON result. */
export interface AdapterDescription {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly kind: AdapterKind;
}

/** Describes an adapter by what WebGPU tells of it. */
export function describeAdapter(info: GPUAdapterInfo): AdapterDescription {
  const text = `${info.description} ${info.device} ${info.architecture}`.toLowerCase();
  const kind = text.includes("swiftshader") ? "swiftshader" : text.includes("llvmpipe") ? "lavapipe" : "gpu";
  return {
    name: info.description || info.device || info.vendor || "unnamed adapter",
    vendor: info.vendor,
    architecture: info.architecture,
    kind,
  };
}
