import { checkWritable, writeFileAtomic } from "../../../node/files/atomic-write.js";
import { importCheckpoint } from "../../../weights/pytorch/import-checkpoint.js";
import { serializeSafetensors } from "../../../weights/safetensors.js";
import { cancellable } from "../../shared/cancellable.js";
import { UsageError } from "../../shared/errors.js";
import { parseInput } from "../../shared/read-input.js";
import { print } from "../../shared/terminal/report.js";

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
