import { type Inputs, isIdleBias } from "../harness/inputs.js";
import type { Result } from "./agreement.js";
import type { WorkName } from "./workloads.js";

/** What of the inputs is needed here. */
type Networks = Pick<Inputs, "tensors" | "generator" | "discriminator">;

/**
 * What is compared of a result: all but idle biases. Where several passes go into it, a network's tensors are compared as
 * one: of all the ReLUs, rounding may turn one on, which shows in the small gradients of a layer, though not in those of a
 * network. Of weights after a step it is the step, since the weights themselves would agree whatever it was.
 */
export function comparable(work: WorkName, result: Result, networks: Networks): Result {
  const kept = Object.entries(result).filter(([name]) => !isIdleBias(name));
  if (work === "meta-step") return byNetwork(kept, networks, (values) => values);
  if (!work.startsWith("adaptation-step")) return Object.fromEntries(kept);
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
