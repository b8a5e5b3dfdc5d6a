import type { Engine } from "../../../src/engine/device/engine.js";
import type { Program } from "../../../src/engine/recording/program.js";
import { type DispatchRequest, Tape } from "../../../src/engine/recording/tape.js";

/** One way to reach a high rate. */
export interface Variant {
  /** In words. */
  readonly how: string;
  /** Operations or bytes per run, in billions. */
  readonly amount: number;
  /** Its dispatch; it allocates only what `shared` does not hold. */
  readonly request: (tape: Tape) => DispatchRequest;
}

/** The rate of the fastest variant of some, in billions a second. */
export interface Rate {
  readonly rate: number;
  readonly how: string;
}

/** Target length of a sample, in milliseconds. */
const SAMPLE = 40;
/** A variant that reaches less than this part of the best in its first sample is not measured again. */
const PROMISING = 0.7;
const ROUNDS = 4;
const MAX_RUNS = 1000;

/** Records a variant by itself. */
export async function recordVariant(engine: Engine, { request }: Variant): Promise<Program> {
  const tape = new Tape(engine);
  try {
    tape.dispatch(request(tape));
  } catch (error) {
    tape.dispose();
    throw error;
  }
  return tape.finish();
}

/**
 * Measures variants, each recorded only when its turn comes and freed afterward, and the promising ones a few times more.
 * @param skipped takes the reason for each variant that this device does not run.
 * @param rounds how often promising variants are measured.
 * @returns the fastest; undefined if none ran.
 */
export async function fastest(
  engine: Engine,
  variants: readonly Variant[],
  skipped: (reason: string) => void,
  rounds = ROUNDS,
): Promise<Rate | undefined> {
  let best: Rate | undefined;
  const measured: { variant: Variant; rate: number }[] = [];
  const take = async (variant: Variant): Promise<number> => {
    const rate = await measure(engine, variant);
    if (!best || rate > best.rate) best = { rate, how: variant.how };
    return rate;
  };
  for (const variant of variants) {
    try {
      measured.push({ variant, rate: await take(variant) });
    } catch (error) {
      skipped(`${variant.how}: ${(error as Error).message.split("\n")[0]}`);
      // What failed late, such as an allocation, must not fail the next one.
      await engine.synchronize().catch(() => {});
      engine.check();
    }
  }
  const promising = measured.filter(({ rate }) => rate >= PROMISING * (best?.rate ?? 0));
  for (let round = 1; round < rounds; round++) {
    for (const { variant } of promising) await take(variant);
  }
  return best;
}

async function measure(engine: Engine, variant: Variant): Promise<number> {
  const program = await recordVariant(engine, variant);
  try {
    await secondsOf(program, 1);
    const once = 1000 * (await secondsOf(program, 1));
    if (once >= SAMPLE) return (1000 * variant.amount) / once;
    const runs = Math.min(MAX_RUNS, Math.round(SAMPLE / Math.max(once, SAMPLE / MAX_RUNS)));
    return variant.amount / (await secondsOf(program, runs));
  } finally {
    program.dispose();
  }
}

async function secondsOf(program: Program, runs: number): Promise<number> {
  const start = performance.now();
  program.run(runs);
  await program.engine.synchronize();
  return (performance.now() - start) / 1000 / runs;
}
