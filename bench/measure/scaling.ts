import { interleave, type SamplingPlan } from "../comparison/interleave.js";
import { SCALING_STUDIES, type ScalingName } from "../harness/scaling/index.js";
import { progress } from "./progress.js";
import { Series } from "./series.js";
import { endRound, type Side } from "./side.js";

/** Times scaling studies, one after the other, the points of each by turns. */
export async function measureScaling(
  sides: readonly Side[],
  names: readonly ScalingName[],
  plan: SamplingPlan,
): Promise<void> {
  for (const name of names) await measureStudy(sides, name, plan);
}

async function measureStudy(sides: readonly Side[], name: ScalingName, plan: SamplingPlan): Promise<void> {
  const { over, measures, points } = SCALING_STUDIES[name];
  const all = sides.map((side) => ({
    ...side,
    others: side.recorder.result.scaling ?? [],
    measured: points.map((at) => ({ at, series: new Series(measures.length) })),
  }));
  for (const at of points) {
    progress(`scaling: ${over} ${at}`);
    for (const { harness } of sides) await harness.scalingSample(name, at);
  }
  progress(`scaling: up to ${plan.samples} samples in turns`);
  const runners = all.flatMap(({ harness, measured }) =>
    measured.map(({ at, series }) => ({
      name: String(at),
      sample: async (): Promise<void> => series.add(await harness.scalingSample(name, at)),
      error: () => series.error(),
    })),
  );
  await interleave(runners, plan, async () => {
    for (const { recorder, others, measured } of all) {
      const timed = measured.map(({ at, series }) => ({
        at,
        times: measures.map((_, i) => series.summary(i)),
      }));
      recorder.set({ scaling: [...others, { over, measures, points: timed }] });
    }
    await endRound(sides);
  });
}
