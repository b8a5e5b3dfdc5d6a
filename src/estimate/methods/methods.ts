import { KERNELGAN_STEPS, META_STEPS } from "./default-steps.js";

/** Names of the methods that estimate kernels. */
export const METHOD_NAMES = ["spectral", "meta", "dataset", "kernelgan"] as const;

export type MethodName = (typeof METHOD_NAMES)[number];

/** What the command line, the comparison and the page need to know of a method before they load it. */
export interface Method {
  /** The method's name in a sentence. */
  readonly title: string;
  /** What the method does, in a few words of help text. */
  readonly help: string;
  /** The packaged weights file for a scale; undefined where the method starts at random. */
  readonly weights: (scale: 2 | 4) => string | undefined;
  /** Steps of an estimate unless others are asked for; 0 where the method takes none. */
  readonly steps: number;
  /** Numbers of steps after which an evaluation compares the kernels. */
  readonly comparedSteps: readonly number[];
}

/** The numbers of steps for which MetaKernelGAN's paper gives its figures. */
const PAPER_STEPS = [0, 1, 5, 10, 20, 25, 50, 100, 200];

/** All methods, the default one first. */
export const METHODS: Readonly<Record<MethodName, Method>> = {
  spectral: {
    title: "the spectral estimator",
    help: "instant, from the photo's spectrum",
    weights: (scale) => `spectral-x${scale}.safetensors`,
    steps: 0,
    comparedSteps: [0],
  },
  meta: {
    title: "MetaKernelGAN",
    help: "MetaKernelGAN, a meta-trained GAN that adapts to the photo",
    weights: () => "metakernelgan.safetensors",
    steps: META_STEPS,
    comparedSteps: PAPER_STEPS,
  },
  dataset: {
    title: "DSKernelGAN",
    help: "DSKernelGAN, the same without meta-training",
    weights: () => "dskernelgan.safetensors",
    steps: META_STEPS,
    comparedSteps: PAPER_STEPS,
  },
  kernelgan: {
    title: "KernelGAN",
    help: "KernelGAN, a GAN that begins with random weights",
    weights: () => undefined,
    steps: KERNELGAN_STEPS,
    // KernelGAN's learning rate or its loss weights change after these.
    comparedSteps: [0, 200, 400, 750, 1500, 2250, 3000],
  },
};
