import { WeightsError } from "../errors.js";
import { nameText } from "../weight-file.js";
import { CheckpointReader } from "./checkpoint-reader.js";
import { type PickleValue, readPickle } from "./pickle.js";
import { TorchWorld } from "./torch-pickle.js";
import { readZipDirectory, readZipEntry, type ZipEntry } from "./zip.js";

/** A checkpoint taken apart: the pickled value, and the bytes of the storages that it refers to. */
export interface TorchCheckpoint {
  readonly root: PickleValue;
  readonly storages: ReadonlyMap<string, Uint8Array>;
}

/** Reads the zip format of `torch.save` (PyTorch 1.6 and later): `<folder>/data.pkl` and `<folder>/data/<key>`. */
export function readTorchZip(bytes: Uint8Array): TorchCheckpoint {
  const entries = readZipDirectory(bytes);
  const contents = (name: string, entry: ZipEntry) => readZipEntry(bytes, name, entry);
  const pickles = [...entries].filter(([name]) => /^[^/]+\/data\.pkl$/.test(name));
  const [pickle] = pickles;
  if (!pickle || pickles.length > 1) {
    throw new WeightsError(
      `The zip archive has ${pickles.length} files data.pkl instead of one, so it is not a PyTorch checkpoint; give the .pt or .pth file that torch.save wrote.`,
    );
  }
  const folder = pickle[0].slice(0, -"data.pkl".length);
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(contents("byteorder", order)) !== "little") {
    throw new WeightsError(
      "The checkpoint was saved on a big-endian computer; load and save it on a little-endian one.",
    );
  }

  const world = new TorchWorld();
  const root = readPickle(new CheckpointReader(contents(...pickle), "The checkpoint's data.pkl"), world);
  const storages = new Map<string, Uint8Array>();
  for (const { key, length, type } of world.storages.values()) {
    const name = `${folder}data/${key}`;
    const entry = entries.get(name);
    if (entry?.size !== length * type.bytes) {
      throw new WeightsError(
        `The checkpoint needs ${length * type.bytes} bytes in ${nameText(name)} and has ${entry?.size ?? "no such file"}; the file is damaged, so fetch it again.`,
      );
    }
    storages.set(key, contents(name, entry));
  }
  return { root, storages };
}
