import { WeightsError } from "../errors.js";
import { nameText } from "../weight-file.js";
import { CheckpointReader } from "./checkpoint-reader.js";
import { PickleDict, PickleList, type PickleValue, readPickle } from "./pickle.js";
import type { TorchCheckpoint } from "./pytorch-zip.js";
import { TorchWorld } from "./torch-pickle.js";

const MAGIC_NUMBER = 0x1950a86a20f9469cfc6cn;
const PROTOCOL_VERSION = 1001;

/**
 * Reads the format of `torch.save` before PyTorch 1.6. One after another: pickles of the magic number, the version,
 * the byte order, the object and the list of storage keys; then for each key a 64-bit count and the raw values.
 */
export function readTorchLegacy(bytes: Uint8Array): TorchCheckpoint {
  const reader = new CheckpointReader(bytes, "The checkpoint");
  const world = new TorchWorld();
  if (readPickle(reader, world) !== MAGIC_NUMBER) {
    throw new WeightsError(
      "The file is a pickle but not one that torch.save wrote; give the .pt or .pth file of the authors, or a .safetensors file.",
    );
  }
  const version = readPickle(reader, world);
  if (version !== PROTOCOL_VERSION) {
    throw new WeightsError(
      "The checkpoint is of a version of PyTorch's format that is not read; save it again with a current PyTorch.",
    );
  }
  const system = readPickle(reader, world);
  if (!(system instanceof PickleDict) || system.entries.get("little_endian") !== true) {
    throw new WeightsError(
      "The checkpoint was not saved on a little-endian computer; load and save it again on one.",
    );
  }

  const root = readPickle(reader, world);
  const storages = new Map<string, Uint8Array>();
  for (const key of storageKeys(readPickle(reader, world))) {
    const storage = world.storages.get(key);
    const length = reader.u64();
    if (storage?.length !== length || storages.has(key)) {
      throw new WeightsError(
        `The checkpoint stores ${length} values under ${nameText(key)}, which its tensors do not expect; the file is damaged, so fetch it again.`,
      );
    }
    storages.set(key, reader.take(length * storage.type.bytes));
  }
  if (reader.offset !== bytes.length) {
    throw new WeightsError(
      `The checkpoint has ${bytes.length - reader.offset} bytes after its last storage; the file is damaged, so fetch it again.`,
    );
  }
  return { root, storages };
}

function storageKeys(value: PickleValue): string[] {
  const keys = value instanceof PickleList ? value.items : undefined;
  if (!keys?.every((key) => typeof key === "string")) {
    throw new WeightsError(
      "The checkpoint has no list of its storages; the file is damaged, so fetch it again.",
    );
  }
  return keys;
}
