import { WeightsError } from "../errors.js";
import { nameText, type WeightFile, type WeightTensor } from "../weight-file.js";
import { sniffWeightFormat } from "../weight-format.js";
import { PickleDict, type PickleValue } from "./pickle.js";
import { readTorchLegacy } from "./pytorch-legacy.js";
import { readTorchZip } from "./pytorch-zip.js";
import { TorchTensor } from "./torch-pickle.js";
import { readTorchTensor } from "./torch-tensor.js";

const MAX_DEPTH = 16;
/** Each tensor takes memory, also one without values: a dict that is shared could name it without end. */
const MAX_TENSORS = 10_000;
/** Dict entries to look at: dicts that share dicts can have far more than the file has bytes. */
const MAX_ENTRIES = 1_000_000;
const MAX_NAME_LENGTH = 512;

/**
 * Reads the tensors of a `.pt` or `.pth` file, in the zip format or the one before it. Nested dicts become dotted
 * names; float, double, half and bfloat16 tensors become float32. Integer tensors, numbers, text and lists are left
 * out. The pickle inside is read and never run.
 * @param bytes the whole file; nothing in the result refers to it.
 * @returns tensors in the order of the checkpoint; no metadata.
 * @throws {WeightsError} if the file is truncated, damaged, big-endian, no checkpoint of plain dicts, holds a value
 *   that is NaN or infinite, or names anything that could run code.
 */
export function parsePyTorch(bytes: Uint8Array): WeightFile {
  const format = sniffWeightFormat(bytes);
  if (format !== "pytorch-zip" && format !== "pytorch-legacy") {
    throw new WeightsError(
      "The file is not a PyTorch checkpoint; give a .pt or .pth file that torch.save wrote.",
    );
  }
  const { root, storages } = format === "pytorch-zip" ? readTorchZip(bytes) : readTorchLegacy(bytes);

  const tensors = new Map<string, WeightTensor>();
  // Views can repeat their storage without end; this keeps the result in proportion to the file.
  let valuesLeft = bytes.length;
  for (const [name, tensor] of namedTensors(root)) {
    const { key, type } = tensor.storage;
    if (!type.float) continue;
    const storage = storages.get(key);
    if (!storage) {
      throw new WeightsError(
        `The values of tensor ${nameText(name)} are missing in the checkpoint; the file is damaged, so fetch it again.`,
      );
    }
    const read = readTorchTensor(name, tensor, type.float, storage, valuesLeft);
    valuesLeft -= read.data.length;
    tensors.set(name, read);
  }
  return { tensors, metadata: {} };
}

/** The tensors in nested dicts by dotted name. */
function namedTensors(root: PickleValue): ReadonlyMap<string, TorchTensor> {
  if (!(root instanceof PickleDict)) {
    throw new WeightsError(
      "The checkpoint does not hold a dict of tensors at its top; save the state_dict of the network.",
    );
  }
  const found = new Map<string, TorchTensor>();
  let entriesLeft = MAX_ENTRIES;
  const visit = (dict: PickleDict, prefix: string, depth: number): void => {
    for (const [key, value] of dict.entries) {
      if (entriesLeft-- <= 0 || depth > MAX_DEPTH) {
        throw new WeightsError(
          "The checkpoint has dicts nested too deeply, or inside themselves; save only the state_dict of the network.",
        );
      }
      if (typeof key !== "string" && typeof key !== "number") continue;
      if (!(value instanceof PickleDict || value instanceof TorchTensor)) continue;
      const name = prefix + key;
      if (name.length > MAX_NAME_LENGTH || found.has(name)) {
        throw new WeightsError(
          `The checkpoint has the name ${nameText(name)} twice, or it is too long; the file is damaged or no network's.`,
        );
      }
      if (value instanceof TorchTensor) {
        found.set(name, value);
        if (found.size > MAX_TENSORS) {
          throw new WeightsError(
            `The checkpoint has more than ${MAX_TENSORS} tensors, far more than these networks; save the state_dict of one network.`,
          );
        }
      } else visit(value, `${name}.`, depth + 1);
    }
  };
  visit(root, "", 1);
  return found;
}
