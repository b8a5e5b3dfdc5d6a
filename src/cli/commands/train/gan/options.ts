import { type Command, Option } from "commander";
import { BLUR_DEFAULTS, GAN_DEFAULTS } from "../../../../train/outer-step/gan-settings.js";
import { wholeNumber, wholeNumbers } from "../../../shared/options/option-values.js";
import { adapterOption, examples, MAX_STEPS } from "../../../shared/options/shared-options.js";
import { addCommonOptions, addValidationOptions, byDefault } from "../shared/common-options.js";
import type { TrainGanOptions } from "./run.js";

/** Adds `metakernelgan train gan`. */
export function addTrainGan(train: Command, version: string): void {
  const byOuterStep = (name: keyof typeof BLUR_DEFAULTS): string =>
    `${GAN_DEFAULTS[name]}; blur: ${BLUR_DEFAULTS[name]}`;
  const command = train
    .command("gan")
    .summary("train an initialization for MetaKernelGAN or DSKernelGAN")
    .description(
      "Learns the initialization of generator and discriminator on folders of sharp images. The run folder holds " +
        "checkpoints, a log and curves, and best.safetensors, the initialization to use. A run that was stopped or " +
        "killed continues with --resume, with bit-identical results.",
    );
  addValidationOptions(
    addCommonOptions(command, GAN_DEFAULTS, {
      samples: "tasks per step",
      rate: "learning rate of Adam",
      defaults: { steps: byOuterStep("steps"), batch: byOuterStep("batch"), rate: byOuterStep("rate") },
    }),
    GAN_DEFAULTS,
  )
    .addOption(
      new Option(
        "--outer-step <name>",
        `how to learn. meta: as MetaKernelGAN; dataset: as DSKernelGAN, without an inner loop; blur: the discriminator learns to read blur ${byDefault(GAN_DEFAULTS.outerStep)}`,
      ).choices(["meta", "dataset", "blur"]),
    )
    .option("--init <file>", "begin with this initialization, .safetensors (default: untrained weights)")
    .addOption(
      new Option(
        "--generator <kind>",
        `begin with the generator of --init, or with a Gaussian ${byDefault(byOuterStep("generator"))}`,
      ).choices(["init", "gaussians"]),
    )
    .addOption(
      new Option(
        "--learn <networks>",
        `networks whose initialization is learned ${byDefault(byOuterStep("learn"))}`,
      ).choices(["both", "generator", "discriminator"]),
    )
    .option(
      "--evaluations <steps>",
      `inner steps after which the meta-losses are evaluated ${byDefault(GAN_DEFAULTS.evaluations)}`,
      wholeNumbers,
    )
    .addOption(
      new Option(
        "--kernel-pixels <state>",
        `whether the generator's meta-loss includes the kernel-pixel loss ${byDefault(GAN_DEFAULTS.kernelPixels)}`,
      ).choices(["on", "off"]),
    )
    .option(
      "--validate-steps <n>",
      `adaptation steps of each estimate in a validation ${byDefault(GAN_DEFAULTS.validateSteps)}`,
      wholeNumber(1, MAX_STEPS),
    )
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples(
        "metakernelgan train gan --data photos --out run",
        "metakernelgan train gan --out run --resume",
        "metakernelgan train gan --out run --resume --steps 200000",
        "metakernelgan train gan --data photos --out run --outer-step blur",
        "metakernelgan train gan --data photos --out ablation --learn generator --kernel-pixels off",
        "metakernelgan estimate photo.jpg --method meta --init run/best.safetensors",
      ),
    )
    .action(async (options: TrainGanOptions) => {
      const { trainGan } = await import("./run.js");
      await trainGan(options, version);
    });
}
