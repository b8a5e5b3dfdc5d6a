/** Something that is sampled many times. */
export interface Runner {
  readonly name: string;
  /** Takes one sample and stores it. */
  readonly sample: () => Promise<void>;
  /** The relative error of what its samples tell so far. Unless given, it takes all samples. */
  readonly error?: () => number;
}

/** The number of samples, and the time they may take. */
export interface SamplingPlan {
  /** Samples of each runner at most. */
  readonly samples: number;
  /** Seconds per runner. A runner that has used them up stops after {@link SamplingPlan.atLeast} samples. */
  readonly budget: number;
  readonly atLeast: number;
  /** The relative error at which a runner stops; 0 for none. It is believed after {@link SamplingPlan.believed} samples. */
  readonly error: number;
  readonly believed: number;
}

/**
 * Samples all runners in rounds, so that a slow phase of the machine slows all of them. Each round starts with another
 * runner, so that no runner always follows the same one.
 * @param afterRound called after each round.
 * @param now a clock in seconds, by default that of this machine.
 */
export async function interleave(
  runners: readonly Runner[],
  { samples, budget, atLeast, error, believed }: SamplingPlan,
  afterRound: () => void | Promise<void> = () => {},
  now: () => number = () => performance.now() / 1000,
): Promise<void> {
  const spent = new Map<Runner, number>();
  const isDone = (runner: Runner, round: number): boolean =>
    (round >= atLeast && (spent.get(runner) ?? 0) > budget) ||
    (round >= believed && error > 0 && (runner.error?.() ?? Number.POSITIVE_INFINITY) <= error);
  for (let round = 0; round < samples; round++) {
    let sampled = 0;
    for (let turn = 0; turn < runners.length; turn++) {
      const runner = runners[(round + turn) % runners.length] as Runner;
      if (isDone(runner, round)) continue;
      const start = now();
      await runner.sample();
      spent.set(runner, (spent.get(runner) ?? 0) + now() - start);
      sampled++;
    }
    if (sampled === 0) return;
    await afterRound();
  }
}
