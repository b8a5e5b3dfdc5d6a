/** The workloads by name, with their titles. Each comment says which numbers a participant returns. */
export const WORKLOADS = {
  /**
   * The discriminator's map [26, 26] of one patch, with its spectral normalization: a power iteration and a division in
   * each layer. Returns `map`.
   */
  "discriminator-forward": "D forward",
  /** Returns `loss`, mean |D(x) − 1|, and its gradient with respect to each parameter of D, by the parameter's name. */
  "discriminator-gradient": "D forward + backward",
  /** The generator, layer by layer, on a 64×64 patch. Returns `loss`, Σ |G(x) − target|, and its gradients. */
  "generator-gradient": "G by layers, forward + backward, 64×64",
  /**
   * One step of each network, without noise: three calls of D with their power iterations, the losses, both updates.
   * Returns `losses` (adversarial, weighted sum-to-one, D's) of two steps, and each parameter after the first, by name.
   * As published: the peers run G layer by layer, and this package its own program, which collapses G to one kernel.
   */
  "adaptation-step": "one adaptation step, as published (peers layer by layer, metakernelgan collapsed)",
  /** The same step with the same algebra for all: G collapsed to one kernel. */
  "adaptation-step-collapsed": "one adaptation step, collapsed for all",
  /** The same step with the same algebra for all: G layer by layer. This package does so only here. */
  "adaptation-step-layers": "one adaptation step, layer by layer for all",
  /**
   * Inner steps with evaluations between them, then Adam. Returns the outer gradients by name after one inner step and
   * one evaluation; 25 steps with five evaluations are timed.
   */
  "meta-step": "one meta-step, as published (peers layer by layer, metakernelgan collapsed)",
  /** The same with the same algebra for all: G collapsed to one kernel. */
  "meta-step-collapsed": "one meta-step, collapsed for all",
  /** The prior network of USRNet-tiny on an image [1, 4, 128, 128], with constant weights. Returns `image` [1, 3, 128, 128]. */
  "res-unet-128": "USRNet-tiny's ResUNet, forward, 128×128",
  /** The same on [1, 4, 256, 256]. */
  "res-unet-256": "USRNet-tiny's ResUNet, forward, 256×256",
} as const;

export type WorkloadName = keyof typeof WORKLOADS;

/** A prepared workload. */
export interface Task {
  /** The numbers to compare. Called once, before the first run. */
  result(): Promise<Record<string, Float32Array>>;
  /** Makes ready for `times` runs. Not timed. */
  provide?(times: number): Promise<void>;
  /** Runs the workload `times` times and waits for the device. */
  run(times: number): Promise<void>;
  dispose?(): void;
}

/** The workloads by one library: the default export of a peer's file, and this package itself. */
export interface Implementation<Inputs> {
  readonly name: string;
  /** Opens the library's device. Called once, before any workload. */
  open?(): Promise<void>;
  /** A workload that throws is reported as impossible for this library. A missing one is not compared. */
  readonly workloads: Partial<Record<WorkloadName, (inputs: Inputs) => Promise<Task>>>;
}
