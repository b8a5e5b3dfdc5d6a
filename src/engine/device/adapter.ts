/**
 * What kind of device computes. `lavapipe` and `swiftshader` are Vulkan drivers that run on the CPU;
 * `software` is any other driver that does, such as Windows' WARP.
 */
export type AdapterKind = "gpu" | "lavapipe" | "swiftshader" | "software";

/** The device that computed a result; plain data, named in every JSON result. */
export interface AdapterDescription {
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly kind: AdapterKind;
  /** The driver's own description. */
  readonly driver: string;
}

/** Describes an adapter from WebGPU's information about it. */
export function describeAdapter(info: GPUAdapterInfo): AdapterDescription {
  const { vendor, architecture, device, description } = info;
  return {
    // Dawn replaces every run of spaces and signs by "-", also at the end. wgpu gives numbers of vendor and device.
    name: [device.replace(/-+$/, ""), description, vendor].find((text) => /\D/.test(text)) ?? "unnamed",
    vendor,
    architecture,
    kind: kindOf(info),
    driver: description,
  };
}

function kindOf({ architecture, device, description, isFallbackAdapter }: GPUAdapterInfo): AdapterKind {
  const names = `${architecture} ${device} ${description}`.toLowerCase();
  if (names.includes("swiftshader")) return "swiftshader";
  if (names.includes("llvmpipe")) return "lavapipe";
  return isFallbackAdapter ? "software" : "gpu";
}
