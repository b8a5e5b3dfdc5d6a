/** What the contestants are compared in. Which numbers a contestant has to give is in the comment of each. */
export const WORKS = {
  /**
   * The discriminator's map [26, 26] of a patch, batch of one, with its spectral normalization: a power iteration and a
   * division in every layer, as each call does it. Gives `map`.
   */
  "discriminator-forward": "D forward",
  /** Gives `loss`, mean |D(x) − 1|, and its gradient with respect to every parameter of D, by the parameter's name. */
  "discriminator-gradient": "D forward + backward",
  /** The generator layer by layer on a 64×64 patch. Gives `loss`, Σ |G(x) − target|, and its gradients. */
  "generator-gradient": "G by layers, forward + backward, 64×64",
  /**
   * One step of each network, without noise: D's three calls with their power iterations, the losses, both updates. Gives
   * `losses` (adversarial, sum-to-one weighted, D's) of two such steps, and every parameter after the first, by name. A
   * peer's G goes layer by layer, as it is published.
   */
  "adaptation-step": "one adaptation step",
  /** The same, and peers too collapse G's layers to one kernel, which is what ours always does. */
  "adaptation-step-collapsed": "one adaptation step, all with the collapsed kernel",
  /**
   * Inner steps with evaluations between them, then Adam. Checked are the outer gradients by name, after one inner step and
   * one evaluation; timed are 25 with five.
   */
  "meta-step": "one meta-step",
  /** The prior network of USRNet-tiny over an image [1, 4, 128, 128], its weights as they stay. Gives `image` [1, 3, 128, 128]. */
  "res-unet-128": "USRNet-tiny's ResUNet, forward, 128×128",
  /** The same over [1, 4, 256, 256]. */
  "res-unet-256": "USRNet-tiny's ResUNet, forward, 256×256",
} as const;

export type WorkName = keyof typeof WORKS;

/** A work that is ready to run. */
export interface Task {
  /** The numbers that are compared; called once, before the first run. */
  result(): Promise<Record<string, Float32Array>>;
  /** Does the work so many times, and waits until the device has done it. */
  run(times: number): Promise<void>;
  dispose?(): void;
}

/** What a peer's file exports as its default. */
export interface Peer<Inputs> {
  readonly name: string;
  /** Does what it takes to be ready; called once, before any work. */
  open?(): Promise<void>;
  /** A work that throws is one that the peer cannot do; one that is missing is not compared. */
  readonly works: Partial<Record<WorkName, (inputs: Inputs) => Promise<Task>>>;
}
