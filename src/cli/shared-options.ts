import { Option } from "commander";
import type { AdapterChoice } from "../node/adapters.js";
import { ESTIMATION_METHODS } from "./estimation-methods.js";
import { fromTo } from "./option-values.js";
import { UPSCALERS } from "./upscaler-names.js";

const ADAPTERS: AdapterChoice[] = ["gpu", "lavapipe", "swiftshader"];

/** More would fill the GPU's memory with the record of the kernels; KernelGAN takes 3000. */
export const MOST_STEPS = 100_000;

/** Noise that upscalers can take out, in 255ths. */
const MOST_SIGMA = 50;

/** `--method`. */
export function methodOption(): Option {
  return new Option("--method <name>", "MetaKernelGAN, its baseline DSKernelGAN, or the older KernelGAN")
    .choices(ESTIMATION_METHODS)
    .default("meta");
}

/** `--scale`, of what can be estimated. */
export function scaleOption(description: string): Option {
  return new Option("--scale <factor>", description).choices(["2", "4"]).default("2");
}

/** `--setting` of a benchmark. */
export function settingOption(description: string): Option {
  return new Option("--setting <kind>", description)
    .choices(["clean", "kernel-noise", "image-noise"])
    .default("clean");
}

/** `--model`. */
export function modelOption(): Option {
  return new Option(
    "--model <name>",
    "upscaler (default: usrnet if there are weights for it, else fast)",
  ).choices(UPSCALERS);
}

/** `--sigma`. */
export function sigmaOption(): Option {
  return new Option(
    "--sigma <n>",
    `noise of the images in 255ths, 0 to ${MOST_SIGMA} (default: 0)`,
  ).argParser(fromTo(0, MOST_SIGMA));
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
