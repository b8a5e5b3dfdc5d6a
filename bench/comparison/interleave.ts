/** Something to be measured again and again. */
export interface Runner {
  readonly name: string;
  /** Takes one sample, and keeps it. */
  readonly sample: () => Promise<void>;
}

/** How often to sample. */
export interface SamplingPlan {
  /** Samples of each runner. */
  readonly samples: number;
  /** Seconds that one runner may take in all; past them it takes no more than {@link SamplingPlan.atLeast} samples. */
  readonly budget: number;
  readonly atLeast: number;
}

/**
 * Samples all runners in rounds, so that whatever slows the machine for a while slows all of them; each round begins with
 * another runner, so that none always follows the same one.
 * @param now seconds; the clock of this machine unless given.
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
