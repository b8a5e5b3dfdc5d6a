import type { AdapterDescription } from "../../src/engine/device/adapter.js";
import type { Engine } from "../../src/engine/device/engine.js";

/** All about an adapter and the device on it that can change a time. */
export interface AdapterIdentity extends AdapterDescription {
  /** The device's features, sorted. */
  readonly features: readonly string[];
  /** The device's limits, by name. */
  readonly limits: Readonly<Record<string, number>>;
  /** Smallest and largest size of a subgroup; zeros where WebGPU does not tell. */
  readonly subgroupSizes: readonly [number, number];
  /** Whether every access of a shader to a buffer is checked. */
  readonly boundsChecks: boolean;
}

export function identify({ adapter, device }: Engine, boundsChecks: boolean): AdapterIdentity {
  const { subgroupMinSize = 0, subgroupMaxSize = 0 } = device.adapterInfo;
  return {
    ...adapter,
    features: [...device.features].sort(),
    limits: limitsOf(device.limits),
    subgroupSizes: [subgroupMinSize, subgroupMaxSize],
    boundsChecks,
  };
}

/** Browsers define the limits as getters of the class, so no object holds them. */
function limitsOf(limits: GPUSupportedLimits): Record<string, number> {
  const names = new Set<string>();
  for (let object: object | null = limits; object; object = Object.getPrototypeOf(object)) {
    for (const name of Object.getOwnPropertyNames(object)) names.add(name);
  }
  const values = limits as unknown as Record<string, unknown>;
  return Object.fromEntries(
    [...names]
      .filter((name) => /^m(ax|in)[A-Z]/.test(name) && typeof values[name] === "number")
      .sort()
      .map((name) => [name, values[name] as number]),
  );
}
