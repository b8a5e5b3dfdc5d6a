/** Something that is sampled many times. */
export interface Runner {
  readonly name: string;
  /** Takes one sample and stores it. */
  readonly sample: () => Promise<void>;
}

/** The number of samples, and the time they may take. */
export interface SamplingPlan {
  /** Samples of each runner. */
  readonly samples: number;
  /** Seconds per runner. A runner that has used them up stops after {@link SamplingPlan.atLeast} samples. */
  readonly budget: number;
  readonly atLeast: number;
}

/**
 * Samples all runners in rounds, so that a slow phase of the machine slows all of them. Each round starts with another
 * runner, so that no runner always follows the same one.
 * @param now a clock in seconds, by default that of this machine.
 */
export async function interleave(
  runners: readonly Runner[],
  { samples, budget, atLeast }: SamplingPlan,
  now: () => number = () => performance.now() / 1000,
): Promise<void> {
  const spent = new Map<Runner, number>();
  for (let round = 0; round < samples; round++) {
    for (let turn = 0; turn < runners.length; turn++) {
      const runner = runners[(round + turn) % runners.length] as Runner;
      const before = spent.get(runner) ?? 0;
      if (before > budget && round >= atLeast) continue;
      const start = now();
      await runner.sample();
      spent.set(runner, before + now() - start);
    }
  }
}
