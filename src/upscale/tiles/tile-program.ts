import type { Program } from "../../engine/recording/program.js";
import type { StepCounter } from "../../engine/recording/step-counter.js";
import type { Tape } from "../../engine/recording/tape.js";
import type { Tensor } from "../../engine/tensors/tensor.js";

/** A recorded upscaling of tiles of one size. */
export interface TileProgram {
  /** `[3, h, w]`: the tile's pixels are written here. */
  readonly input: Tensor;
  /** `[3, scale · h, scale · w]`: the result is read from here. */
  readonly output: Tensor;
  /** Run once for each tile, before its iterations. */
  readonly start: Program;
  /** Run `iterations` times. */
  readonly iteration: Program;
  readonly iterations: number;
  /** Shaped as the result, which gets the local means of this one; none if it is to keep its own. */
  readonly means?: Tensor | undefined;
  /** Goes back to the first iteration. */
  reset(): void;
  dispose(): void;
}

/** The recorded parts of a {@link TileProgram}. */
export interface TileTapes extends Pick<TileProgram, "input" | "output" | "iterations" | "means"> {
  readonly start: Tape;
  readonly iteration: Tape;
  readonly counter: StepCounter;
  /** Frees what the tapes do not own. */
  readonly free?: () => void;
  /** Ends the wait for compiled shaders. */
  readonly signal?: AbortSignal;
}

/** Compiles the tapes of a tile; the program owns the counter. If it fails, everything is freed. */
export async function finishTile({
  start,
  iteration,
  counter,
  free,
  signal,
  ...tile
}: TileTapes): Promise<TileProgram> {
  const dispose = (): void => {
    for (const owner of [start, iteration, counter]) owner.dispose();
    free?.();
  };
  try {
    return {
      ...tile,
      start: await start.finish(signal),
      iteration: await iteration.finish(signal),
      reset: () => counter.reset(0),
      dispose,
    };
  } catch (error) {
    dispose();
    throw error;
  }
}
