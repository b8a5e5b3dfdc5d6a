import { importCheckpoint } from "../model/weights/import-checkpoint.js";
import { serializeSafetensors } from "../model/weights/safetensors.js";
import { checkWritable, writeFileAtomic } from "../node/atomic-write.js";
import { cancellable } from "./cancellable.js";
import { UsageError } from "./errors.js";
import { parseInput } from "./read-input.js";
import { print } from "./report.js";

const NETWORKS: Readonly<Record<string, string>> = { metakernelgan: "MetaKernelGAN", usrnet: "USRNet-tiny" };

/** `metakernelgan import`. */
export async function importWeights(checkpoint: string, out: string): Promise<void> {
  if (!/\.safetensors$/i.test(out)) {
    throw new UsageError(`${out}: weights are written as .safetensors.`);
  }
  await checkWritable(out);
  await cancellable(async (signal) => {
    const file = await parseInput(checkpoint, importCheckpoint);
    signal.throwIfAborted();
    await writeFileAtomic(out, serializeSafetensors(file));
    const { format = "", source = "" } = file.metadata;
    const values = [...file.tensors.values()].reduce((total, { data }) => total + data.length, 0);
    print(
      `Imported ${NETWORKS[format] ?? format} from a ${source}: ${file.tensors.size} tensors, ` +
        `${values.toLocaleString("en")} values.\nWritten to ${out}.`,
    );
  });
}
