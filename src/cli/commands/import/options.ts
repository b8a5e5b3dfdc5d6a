import type { Command } from "commander";
import { examples } from "../../shared/options/shared-options.js";

/** Adds `metakernelgan import`. */
export function addImport(program: Command): void {
  program
    .command("import")
    .summary("convert the authors' checkpoints to weights files")
    .description(
      "Converts a PyTorch checkpoint of the authors, MetaKernelGAN's latest.pt or USRNet-tiny's usrnet_tiny.pth, to a " +
        "weights file. No code in the checkpoint is executed.",
    )
    .argument("<checkpoint>", "file to read, .pt or .pth")
    .argument("<out>", "file to write, .safetensors")
    .addHelpText(
      "after",
      examples(
        "metakernelgan import latest.pt init.safetensors",
        "metakernelgan import usrnet_tiny.pth usrnet.safetensors",
      ),
    )
    .action(async (checkpoint: string, out: string) => {
      const { importWeights } = await import("./run.js");
      await importWeights(checkpoint, out);
    });
}
