import { interleave, type SamplingPlan } from "../comparison/interleave.js";
import type { ProfileWork } from "../harness/kernels.js";
import { PROFILES, type ProfileName, QUICK_PROFILES } from "../harness/profiles/index.js";
import { higher, type Roofline } from "../harness/roofline/roofline.js";
import { tickOf } from "../harness/timing/dispatch-timer.js";
import type { ProfileRows } from "../report/result/result.js";
import { progress } from "./progress.js";
import { Series } from "./series.js";
import { endRound, type Side } from "./side.js";

/**
 * Measures the roofline before, and keeps it.
 * @param quick whether by few samples.
 */
export async function measureRooflines(sides: readonly Side[], quick = false): Promise<void> {
  progress("roofline");
  for (const { harness, recorder } of sides) recorder.set({ roofline: await harness.roofline(quick) });
}

/** Measures the roofline once more, as {@link measureRooflines} did, and keeps the higher rates, and how they changed. */
export async function measureRooflinesAgain(sides: readonly Side[], quick = false): Promise<void> {
  progress("roofline, once more");
  for (const { harness, recorder } of sides) {
    const before = recorder.result.roofline as Roofline;
    const after = await harness.roofline(quick);
    const drift = (kind: "arithmetic" | "cache" | "memory"): number => after[kind].rate / before[kind].rate;
    recorder.set({
      roofline: higher(before, after),
      rooflineDrift: { arithmetic: drift("arithmetic"), cache: drift("cache"), memory: drift("memory") },
    });
  }
}

/**
 * Times the kernels of programs, one program after the other.
 * @param quick whether those with small pictures.
 */
export async function measureKernels(
  sides: readonly Side[],
  names: readonly ProfileName[],
  plan: SamplingPlan,
  quick = false,
): Promise<void> {
  for (const name of names) {
    const { title } = (quick ? QUICK_PROFILES : PROFILES)[name];
    progress(`kernels of ${title}`);
    await measureProfile(sides, { name, title, quick }, plan);
  }
}

/** A program that is timed. */
interface ChosenProfile {
  readonly name: ProfileName;
  readonly title: string;
  readonly quick: boolean;
}

async function measureProfile(
  sides: readonly Side[],
  { name, title, quick }: ChosenProfile,
  plan: SamplingPlan,
): Promise<void> {
  const runners = [];
  const put: (() => void)[] = [];
  for (const { harness, recorder } of sides) {
    const others = recorder.result.profiles ?? [];
    const publish = (profile: ProfileRows["profile"]): void =>
      recorder.set({ profiles: [...others, { title, profile }] });
    try {
      const work = await harness.profile(name, quick);
      const series = new Series(work.kernels.length);
      put.push(() => publish(rows(work, series)));
      const sample = async (): Promise<void> => series.add(await harness.profileSample(name));
      runners.push({ name: title, sample, error: () => series.error() });
    } catch (error) {
      publish({ cannot: (error as Error).message });
    }
  }
  await interleave(runners, plan, async () => {
    for (const each of put) each();
    await endRound(sides);
  });
  for (const { harness } of sides) await harness.endProfile(name);
}

function rows({ kernels, clock }: ProfileWork, series: Series): ProfileRows["profile"] {
  return {
    clock,
    tick: tickOf(series.all),
    kernels: kernels
      .map((kernel, i) => ({ ...kernel, time: series.summary(i) }))
      .sort((a, b) => b.time.median - a.time.median),
  };
}
