import type { Engine } from "../../src/engine/device/engine.js";

import type { Program } from "../../src/engine/recording/program.js";
import type { Profile, ReadyProfile } from "./profiles/profile.js";
import { BoundBytes } from "./timing/bound-bytes.js";
import { type Clock, clockOf, timeDispatches } from "./timing/dispatch-timer.js";
import { Renewed } from "./timing/renewed.js";

/** Work of one kernel in one run of a program. */
export interface KernelWork {
  readonly name: string;
  readonly dispatches: number;
  readonly multiplyAdds: number;
  /** Bytes of all bound buffers, each counted once: the least that the kernel has to move if it reads all of them. */
  readonly bytes: number;
}

/** A program's kernels, and the clock that times them. */
export interface ProfileWork {
  readonly kernels: readonly KernelWork[];
  readonly clock: Clock;
}

/** Runs from one recording: as many as the samples that one usually takes. */
const RUNS = 64;
const WARM_UP = 5;

/** A program whose kernels are timed, run by run. */
export class ProfileSession {
  private constructor(
    readonly work: ProfileWork,
    private readonly recordings: Renewed<ReadyProfile>,
  ) {}

  /** Records the program, counts its work and warms it up. */
  static async open(engine: Engine, { prepare }: Profile): Promise<ProfileSession> {
    const bytes = new BoundBytes(engine.device);
    const recordings = new Renewed(RUNS, (runs) => prepare(engine, runs));
    try {
      await recordings.provide(WARM_UP);
    } finally {
      bytes.stop();
    }
    const { program } = recordings.take(0);
    const work = { kernels: kernelsOf(program, bytes), clock: clockOf(program) };
    const session = new ProfileSession(work, recordings);
    for (let run = 0; run < WARM_UP; run++) await session.sample();
    return session;
  }

  /** Runs the program once. Returns the milliseconds of each kernel, all its dispatches together. */
  async sample(): Promise<number[]> {
    await this.recordings.provide(1);
    const { program, reset } = this.recordings.take(1);
    reset?.();
    const sums = new Map<string, number>();
    const times = await timeDispatches(program);
    for (const [i, { label }] of program.dispatches.entries()) {
      sums.set(label, (sums.get(label) ?? 0) + (times[i] as number));
    }
    return this.work.kernels.map(({ name }) => sums.get(name) as number);
  }

  dispose(): void {
    this.recordings.dispose();
  }
}

function kernelsOf(program: Program, bytes: BoundBytes): KernelWork[] {
  const sums = new Map<string, KernelWork>();
  for (const { label: name, bindGroup, multiplyAdds } of program.dispatches) {
    const sum = sums.get(name) ?? { name, dispatches: 0, multiplyAdds: 0, bytes: 0 };
    sums.set(name, {
      name,
      dispatches: sum.dispatches + 1,
      multiplyAdds: sum.multiplyAdds + multiplyAdds,
      bytes: sum.bytes + bytes.of(bindGroup),
    });
  }
  return [...sums.values()];
}
