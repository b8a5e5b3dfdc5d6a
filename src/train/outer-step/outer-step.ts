import type { Losses } from "../trainer.js";
import type { LearnedInitialization } from "./learned-initialization.js";

/** The meta-losses of one evaluation. */
export interface MetaLosses extends Losses {
  readonly adversarial: number;
  readonly sumToOne: number;
  readonly kernelPixels: number;
  readonly discriminator: number;
}

/** One step of learning an initialization from tasks, whichever way its gradient is made. */
export interface OuterStep {
  readonly initialization: LearnedInitialization;
  /** Multiply-adds of one outer step on one task. */
  readonly multiplyAdds: number;
  /** Reads back the losses of the last step's evaluations. */
  losses(): Promise<Losses[]>;
  dispose(): void;
}
