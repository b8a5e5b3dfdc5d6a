import type { WeightFile, WeightTensor } from "./weight-file.js";

/** Keys under which training programs keep a network's weights, the best first: averages over the training count more. */
const WRAPPERS = [
  "params_ema",
  "ema",
  "params",
  "state_dict",
  "model_state_dict",
  "model",
  "net_g",
  "netG",
  "net",
  "module",
];

/**
 * The weights of a file whose names all belong to a dict around them, such as `params_ema.head.weight`, or to a parallel
 * network, `module.head.weight`; without these parts of the names, and without all else that lies beside such a dict.
 * @param isKnown whether a name is a network's own, which ends the unwrapping.
 * @returns the file itself if it is not wrapped.
 */
export function unwrapWeights(file: WeightFile, isKnown: (name: string) => boolean): WeightFile {
  let { tensors } = file;
  while (![...tensors.keys()].some(isKnown)) {
    const inner = WRAPPERS.map((key) => within(tensors, `${key}.`)).find(({ size }) => size > 0);
    if (!inner) break;
    tensors = inner;
  }
  return tensors === file.tensors ? file : { ...file, tensors };
}

/** The tensors whose names begin with a prefix, without it. */
function within(tensors: ReadonlyMap<string, WeightTensor>, prefix: string): Map<string, WeightTensor> {
  return new Map(
    [...tensors].flatMap(([name, tensor]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), tensor] as const] : [],
    ),
  );
}

/** The first few names of tensors, for a message about a file of another network. */
export function namesText(tensors: ReadonlyMap<string, WeightTensor>): string {
  const names = [...tensors.keys()].slice(0, MAX_NAMES).map((name) => JSON.stringify(name.slice(0, 60)));
  return names.join(", ") + (tensors.size > MAX_NAMES ? ", …" : "");
}

const MAX_NAMES = 4;
