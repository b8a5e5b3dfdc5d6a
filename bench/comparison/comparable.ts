import { type Inputs, isIdleBias } from "../harness/inputs.js";
import type { Result } from "./agreement.js";
import type { WorkloadName } from "./workloads.js";

/** The part of the inputs that is used here. */
type Networks = Pick<Inputs, "tensors" | "generator" | "discriminator">;

/**
 * The part of a result that is compared: everything but idle biases. If a result is made by several passes, a network's
 * tensors are compared as one array: rounding may flip a single ReLU, which shows in the small gradients of one layer but
 * not in those of the network. For weights after a step, the step itself is compared, since the weights hardly change.
 */
export function comparable(workload: WorkloadName, result: Result, networks: Networks): Result {
  const kept = Object.entries(result).filter(([name]) => !isIdleBias(name));
  if (workload.startsWith("meta-step")) return byNetwork(kept, networks, (values) => values);
  if (!workload.startsWith("adaptation-step")) return Object.fromEntries(kept);
  return byNetwork(kept, networks, (after, name) => {
    const before = networks.tensors[name]?.data ?? after;
    return after.map((value, i) => value - (before[i] as number));
  });
}

function byNetwork(
  arrays: readonly (readonly [name: string, values: Float32Array])[],
  { generator, discriminator }: Networks,
  map: (values: Float32Array, name: string) => Float32Array,
): Result {
  const joined = (names: readonly string[]): Float32Array =>
    Float32Array.from(
      arrays
        .filter(([name]) => names.includes(name))
        .flatMap(([name, values]) => Array.from(map(values, name))),
    );
  const others = arrays.filter(([name]) => !generator.includes(name) && !discriminator.includes(name));
  return {
    ...Object.fromEntries(others),
    "all of the generator": joined(generator),
    "all of the discriminator": joined(discriminator),
  };
}
