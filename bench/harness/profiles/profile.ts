import type { Engine } from "../../../src/engine/engine.js";
import type { Program } from "../../../src/engine/recording/program.js";

/** A program that is ready to be profiled. */
export interface ReadyProfile {
  readonly program: Program;
  /** Called before each run. */
  reset?(): void;
  dispose(): void;
}

/** A program whose kernels are timed one by one. */
export interface Profile {
  /** What one run of it is. */
  readonly title: string;
  /** @param runs how often it will be run. */
  prepare(engine: Engine, runs: number): Promise<ReadyProfile>;
}
