import type { Command } from "commander";
import { examples } from "../../shared/options/shared-options.js";
import { addTrainGan } from "./gan/options.js";
import { addTrainPhotos } from "./photos/options.js";
import { addTrainSpectral } from "./spectral/options.js";
import { addSpectralSamples } from "./spectral-samples/options.js";
import { addTrainUpscaler } from "./upscaler/options.js";
import { addUpscalerSamples } from "./upscaler-samples/options.js";

/** Adds `metakernelgan train` with a subcommand for each network, and for samples of networks that PyTorch trains. */
export function addTrain(program: Command, version: string): void {
  const train = program
    .command("train")
    .summary("train the networks on your own images")
    .description(
      "Trains a network on folders of sharp images, in a run folder that can be resumed. The commands for samples prepare the training of photos, and trainings in PyTorch.",
    )
    .helpCommand(false);
  addTrainGan(train, version);
  addTrainUpscaler(train, version);
  addTrainPhotos(train, version);
  addTrainSpectral(train, version);
  addUpscalerSamples(train);
  addSpectralSamples(train);
  train
    .addHelpText(
      "after",
      examples("metakernelgan train gan --data photos --out run", "metakernelgan train gan --help"),
    )
    // After the subcommands, which would inherit it.
    .allowExcessArguments()
    .action((_options, command: Command) => {
      const [name] = command.args;
      const problem = name === undefined ? "the network is missing" : `unknown network '${name}'`;
      const names = train.commands.map((each) => each.name());
      command.error(`error: ${problem}; train is followed by one of ${names.join(", ")}`);
    });
}
