import { interleave, type SamplingPlan } from "../comparison/interleave.js";
import { JOBS, type JobName, QUICK_JOBS } from "../harness/jobs/index.js";
import { progress } from "./progress.js";
import { Series } from "./series.js";
import { endRound, type Side } from "./side.js";

/**
 * Times jobs by turns.
 * @param quick whether those with small images.
 */
export async function measureJobs(
  sides: readonly Side[],
  names: readonly JobName[],
  plan: SamplingPlan,
  quick = false,
): Promise<void> {
  const defined = quick ? QUICK_JOBS : JOBS;
  const all = sides.map((side) => ({
    ...side,
    jobs: names.map((name) => ({ name, series: new Series(defined[name].measures.length) })),
  }));
  for (const name of names) {
    progress(`job: ${name}`);
    // The first sample compiles shaders and fills caches.
    for (const { harness } of sides) await harness.job(name, quick);
  }
  progress(`jobs: up to ${plan.samples} samples in turns`);
  const runners = all.flatMap(({ harness, jobs }) =>
    jobs.map(({ name, series }) => ({
      name,
      sample: async (): Promise<void> => series.add(await harness.job(name, quick)),
      error: () => series.error(),
    })),
  );
  await interleave(runners, plan, async () => {
    for (const { recorder, jobs } of all) {
      recorder.set({
        jobs: jobs.flatMap(({ name, series }) =>
          defined[name].measures.map((measure, i) => ({ ...measure, time: series.summary(i) })),
        ),
      });
    }
    await endRound(sides);
  });
}
