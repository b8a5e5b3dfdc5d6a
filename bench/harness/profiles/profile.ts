import type { Engine } from "../../../src/engine/device/engine.js";
import type { Program } from "../../../src/engine/recording/program.js";

/** A recorded program, ready to be profiled. */
export interface ReadyProfile {
  readonly program: Program;
  /** Called before each run. */
  reset?(): void;
  dispose(): void;
}

/** A program whose kernels are timed one by one. */
export interface Profile {
  /** One run of it, in words. */
  readonly title: string;
  /** @param runs number of runs to come. */
  prepare(engine: Engine, runs: number): Promise<ReadyProfile>;
}
