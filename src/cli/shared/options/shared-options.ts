import { type Command, Option } from "commander";
import { METHOD_NAMES, METHODS, type MethodName } from "../../../estimate/methods/methods.js";
import { ALIGNMENTS } from "../../../kernel/align-kernel.js";
import { BENCHMARK_SETTINGS } from "../../../kernel/degradation/benchmark.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { MAX_SIGMA } from "../../../upscale/sigma/max-sigma.js";
import { MODEL_NAMES } from "../../../upscale/upscaler-names.js";
import { decimalNumber, wholeNumber } from "./option-values.js";

const ADAPTERS: AdapterChoice[] = ["gpu", "lavapipe", "swiftshader"];

/** The kernels of more steps would fill the GPU's memory; KernelGAN takes 3000. */
export const MAX_STEPS = 100_000;

/** The largest seed. */
export const MAX_SEED = 0xffffffff;

/** A noise level in 255ths, or "auto" for one that is chosen for each image. */
export type Sigma = number | "auto";

/** A scale as it is written on the command line. */
export type ScaleText = "2" | "4";

/** The number of a scale. */
export function scaleOf(text: ScaleText): 2 | 4 {
  return text === "4" ? 4 : 2;
}

/** `--method`. @param fallback the default; without it, the command chooses. */
export function methodOption(fallback?: MethodName): Option {
  const list = METHOD_NAMES.map((name) => `${name}: ${METHODS[name].help}`).join("; ");
  const choice = fallback ? "" : " (default: spectral, or meta if an option of an adaptation is given)";
  const option = new Option("--method <name>", `how to estimate the kernel. ${list}${choice}`).choices(
    METHOD_NAMES,
  );
  return fallback ? option.default(fallback) : option;
}

/** `--steps` of one estimate. */
export function stepsOption(): Option {
  const description = `adaptation steps; not for spectral (default: ${METHODS.meta.steps}; kernelgan: ${METHODS.kernelgan.steps})`;
  return new Option("--steps <n>", description).argParser(wholeNumber(0, MAX_STEPS));
}

/** `--seed` of one estimate. */
export function seedOption(): Option {
  const description = "seed of an adaptation's patches, noise and random initial weights (default: 0)";
  return new Option("--seed <n>", description).argParser(wholeNumber(0, MAX_SEED));
}

/** `--init`. */
export function initOption(): Option {
  return new Option(
    "--init <file>",
    "initial weights of an adaptation, .safetensors (default: the packaged file)",
  );
}

/** `--spectral-weights`. */
export function spectralWeightsOption(): Option {
  const description =
    "weights of the spectral estimator, .safetensors (default: the packaged file for the scale)";
  return new Option("--spectral-weights <file>", description);
}

/** `--scale` of what can be estimated. */
export function scaleOption(description: string): Option {
  return new Option("--scale <factor>", description).choices(["2", "4"]).default("2");
}

/** What the names of settings do not say. */
const SETTINGS_HELP =
  "defocus: radius of 4 to 8 pixels of the ×2 kernel; shake: an arc of 7 to 15 of them; divkrk: KernelGAN's kernels";

/** `--setting` of a benchmark. */
export function settingOption(description: string): Option {
  return new Option("--setting <name>", `${description}. ${SETTINGS_HELP}`)
    .choices(BENCHMARK_SETTINGS)
    .default("clean");
}

/** `--align` of a benchmark, the setting's unless given. */
export function benchmarkAlignOption(): Option {
  const description =
    "grid of the true kernels. paper: the benchmarks'; photo: that of a plain enlargement, as DIV2KRK's (default: paper; camera, divkrk: photo)";
  return new Option("--align <grid>", description).choices(ALIGNMENTS);
}

/** Adds `--model` and `--upscaler-weights`. */
export function addUpscalerOptions(command: Command): Command {
  const names =
    "small: our network for photos; large: the same in four orientations, averaged, which takes four times as long; usrnet: USRNet; fast: an instant closed-form filter";
  const choice = "(default: small, usrnet or fast: the first with weights for the scale)";
  return command
    .addOption(new Option("--model <name>", `upscaler. ${names} ${choice}`).choices(MODEL_NAMES))
    .option(
      "--upscaler-weights <file>",
      "weights of USRNet or of the network for photos, .safetensors (default: the packaged ones)",
    );
}

/** `--sigma` as a number only. */
export function sigmaOption(): Option {
  const description = `noise level that the upscaler assumes, 0 to ${MAX_SIGMA} in 255ths (default: 0)`;
  return new Option("--sigma <n>", description).argParser(decimalNumber(0, MAX_SIGMA));
}

/** `--sigma` as a number or "auto". */
export function automaticSigmaOption(): Option {
  const parse = decimalNumber(0, MAX_SIGMA);
  return new Option(
    "--sigma <n>",
    `noise level that the upscaler assumes, 0 to ${MAX_SIGMA} in 255ths; auto: from each image's noise and its kernel's uncertainty`,
  )
    .argParser((text): Sigma => (text === "auto" ? text : parse(text)))
    .default("auto");
}

/** `--adapter`. */
export function adapterOption(): Option {
  return new Option(
    "--adapter <kind>",
    "which GPU or software driver to run on (default: $METAKERNELGAN_ADAPTER, else the fastest one found)",
  ).choices(ADAPTERS);
}

/** The examples at the end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}
