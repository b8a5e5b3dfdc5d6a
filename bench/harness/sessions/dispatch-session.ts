import type { Program } from "../../../src/engine/recording/program.js";
import type { BoundBytes } from "../timing/bound-bytes.js";
import { type Clock, clockOf, timeDispatches } from "../timing/dispatch-timer.js";

/** Work of one dispatch. */
export interface DispatchWork {
  /** Name of its shader. */
  readonly name: string;
  readonly pass: "forward" | "gradient";
  readonly workgroups: readonly number[];
  readonly multiplyAdds: number;
  /** Bytes that it reads and writes: those of all bound buffers, each counted once, unless someone knows better. */
  readonly bytes: number;
  /** Bytes of all bound buffers, if that is another number. */
  readonly footprint?: number;
}

/** Times of one sample, in milliseconds. */
export interface DispatchSample {
  /** Of each dispatch, alone. */
  readonly dispatches: readonly number[];
  /** Of the whole program, from its submission to its end, as the mean of some runs. */
  readonly whole: number;
}

/** A dispatch is repeated until a sample of it takes as long, in milliseconds. */
const SAMPLE = 2;
const MAX_REPEATS = 1000;
/** Milliseconds of runs of the whole program. */
const WHOLE = 20;

/** A program whose dispatches are timed one by one, each repeated until the clock's tick and the start of a pass are small. */
export class DispatchSession {
  readonly clock: Clock;
  private repeats: readonly number[] = [];
  private runs = 1;

  /**
   * @param bytes watched while the program was made.
   * @param forward number of the dispatches before those of the gradient.
   */
  constructor(
    private readonly program: Program,
    private readonly bytes: BoundBytes,
    private readonly forward = program.dispatches.length,
  ) {
    this.clock = clockOf(program);
  }

  get work(): DispatchWork[] {
    return this.program.dispatches.map(({ label: name, bindGroup, workgroups, multiplyAdds }, i) => ({
      name,
      pass: i < this.forward ? "forward" : "gradient",
      workgroups,
      multiplyAdds,
      bytes: this.bytes.of(bindGroup),
    }));
  }

  /** Warms up, and finds how often each dispatch is repeated. */
  async calibrate(): Promise<void> {
    await timeDispatches(this.program);
    const times = await timeDispatches(this.program);
    this.repeats = times.map((time) =>
      Math.max(1, Math.min(MAX_REPEATS, Math.round(SAMPLE / Math.max(time, 1e-3)))),
    );
    const once = await this.whole(1);
    this.runs = Math.max(1, Math.min(MAX_REPEATS, Math.round(WHOLE / once)));
  }

  async sample(): Promise<DispatchSample> {
    return {
      dispatches: await timeDispatches(this.program, this.repeats),
      whole: await this.whole(this.runs),
    };
  }

  private async whole(runs: number): Promise<number> {
    const { program } = this;
    const start = performance.now();
    program.run(runs);
    await program.engine.synchronize();
    return (performance.now() - start) / runs;
  }
}
