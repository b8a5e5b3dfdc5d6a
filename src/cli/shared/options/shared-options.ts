import { Option } from "commander";
import { BENCHMARK_SETTINGS } from "../../../kernel/degradation/benchmark.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { ESTIMATION_METHODS, type EstimationMethodName } from "../methods/estimation-methods.js";
import { UPSCALERS } from "../methods/upscaler-names.js";
import { fromTo } from "./option-values.js";

const ADAPTERS: AdapterChoice[] = ["gpu", "lavapipe", "swiftshader"];

/** More would fill the GPU's memory with the record of the kernels; KernelGAN takes 3000. */
export const MAX_STEPS = 100_000;

/** Noise that upscalers can take out, in 255ths. */
const MAX_SIGMA = 50;

/**
 * `--method`.
 * @param fallback what it is unless given; without it, a command chooses.
 */
export function methodOption(fallback?: EstimationMethodName): Option {
  const option = new Option(
    "--method <name>",
    "from the spectrum at once, by MetaKernelGAN (meta), by it from the spectral estimate on (hybrid), or by the baselines " +
      `DSKernelGAN (dataset) and KernelGAN${fallback ? "" : " (default: spectral, or meta where an option is about its steps)"}`,
  ).choices(ESTIMATION_METHODS);
  return fallback ? option.default(fallback) : option;
}

/** `--scale`, of what can be estimated. */
export function scaleOption(description: string): Option {
  return new Option("--scale <factor>", description).choices(["2", "4"]).default("2");
}

/** `--setting` of a benchmark. */
export function settingOption(description: string): Option {
  return new Option("--setting <kind>", description).choices(BENCHMARK_SETTINGS).default("clean");
}

/** `--model`. */
export function modelOption(): Option {
  return new Option(
    "--model <name>",
    "upscaler (default: usrnet if there are weights for it, else fast)",
  ).choices(UPSCALERS);
}

/** A noise level in 255ths, or that it is to be chosen for each image. */
export type Sigma = number | "auto";

/** `--sigma`, a number: 0 unless given. */
export function sigmaOption(): Option {
  const description = `noise of the images in 255ths, 0 to ${MAX_SIGMA} (default: 0)`;
  return new Option("--sigma <n>", description).argParser(fromTo(0, MAX_SIGMA));
}

/** `--sigma` where it can be chosen, as it is unless given. */
export function automaticSigmaOption(): Option {
  const parse = fromTo(0, MAX_SIGMA);
  return new Option(
    "--sigma <n>",
    `noise of the images in 255ths, 0 to ${MAX_SIGMA}; auto: by the noise of each and by how sure its kernel is`,
  )
    .argParser((text): Sigma => (text === "auto" ? text : parse(text)))
    .default("auto");
}

/** `--adapter`. */
export function adapterOption(): Option {
  return new Option("--adapter <kind>", "default: $METAKERNELGAN_ADAPTER, else the best there is").choices(
    ADAPTERS,
  );
}

/** The end of a command's help. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;
}
