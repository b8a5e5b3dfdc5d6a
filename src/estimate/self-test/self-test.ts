import type { Engine } from "../../engine/device/engine.js";
import { NumericalError } from "../../engine/errors.js";
import { RandomStream } from "../../engine/random.js";
import { RANDOM_STREAMS } from "../../engine/random-streams.js";
import { sizeOf } from "../../engine/tensors/tensor.js";
import { type RgbImage, rgbImage } from "../../image/rgb-image.js";
import type { GanWeights } from "../../model/gan/gan-weights.js";
import { METAKERNELGAN_LAYOUT } from "../../weights/layouts/network-layout.js";
import { Adaptation, type AdaptationResult } from "../adaptation/adaptation.js";
import { PATCH_SIZE } from "../adaptation/patch-source.js";
import { recordMetaKernelGanStep } from "../metakernelgan/metakernelgan-step.js";
import { EXPECTED_KERNELS, EXPECTED_LOSSES, KERNEL_STRIDE } from "./self-test-numbers.js";

const SEED = 20;

/**
 * Largest allowed difference: of a kernel's value as a part of the largest one, of a loss as it is. A step changes a
 * kernel by much more, and float32 is off by much less.
 */
const TOLERANCE = 1e-4;

/** Steps that are timed, after the test has warmed the device up. */
const TIMED_STEPS = 20;

/** Spread of the uniform weights of each of the generator's layers: gives a kernel of about the size of a blur's. */
const GENERATOR_SPREADS = [0.11, 0.11, 0.11, 0.15, 0.15, 0.15];

/** Options of {@link selfTest}. */
export interface SelfTestOptions {
  /** Called when everything is compiled and uploaded, before the first step. */
  readonly onStart?: () => void;
  readonly signal?: AbortSignal;
}

/** The result of a self-test; plain data. */
export interface SelfTestResult {
  readonly passed: boolean;
  /** Number of compared numbers. */
  readonly numbers: number;
  /** The largest difference; infinite if a kernel was not finite. */
  readonly deviation: number;
  /** The number with the largest difference, in words. */
  readonly worst: string;
  readonly tolerance: number;
  readonly millisecondsPerStep: number;
}

/**
 * Adapts to a small made-up image for two steps without noise and compares kernels and losses with a float64
 * reference: they depend on every shader of the adaptation but the noise, forwards and backwards.
 */
export async function selfTest(engine: Engine, options: SelfTestOptions = {}): Promise<SelfTestResult> {
  const steps = EXPECTED_LOSSES.length;
  const test = await record(engine, steps);
  let worst = { what: "", deviation: 0 };
  try {
    options.onStart?.();
    worst = compare(await test.run(options));
  } catch (error) {
    if (!(error instanceof NumericalError)) throw error;
    worst = { what: "kernel, not finite", deviation: Number.POSITIVE_INFINITY };
  } finally {
    test.dispose();
  }
  return {
    passed: worst.deviation <= TOLERANCE,
    numbers: EXPECTED_KERNELS.flat().length + EXPECTED_LOSSES.flat().length,
    deviation: worst.deviation,
    worst: worst.what,
    tolerance: TOLERANCE,
    millisecondsPerStep: await timeSteps(engine, options.signal),
  };
}

/** The test's image: edges and noise, exact in float32. */
export function selfTestImage(): RgbImage {
  const random = new RandomStream(SEED, RANDOM_STREAMS.selfTestImage);
  const area = PATCH_SIZE ** 2;
  const data = Float32Array.from({ length: 3 * area }, (_, i) => {
    const x = i % PATCH_SIZE;
    const y = Math.floor(i / PATCH_SIZE) % PATCH_SIZE;
    const edge = (x + 2 * y + 5 * Math.floor(i / area)) % 40 < 13 ? 96 : 0;
    return (40 + edge + Math.floor(64 * random.uniform())) / 256;
  });
  return rgbImage(PATCH_SIZE, PATCH_SIZE, data);
}

/** The test's weights: uniform, so that they are the same to the bit wherever they are made. */
export function selfTestWeights(): GanWeights {
  return new Map(
    [...METAKERNELGAN_LAYOUT].map(([name, shape], index) => {
      const random = new RandomStream(SEED, RANDOM_STREAMS.ganWeights + index);
      const spread = name.startsWith("generator.") ? (GENERATOR_SPREADS[index] as number) : 0.2;
      const middle = /bn\..\.weight$/.test(name) ? 1 : 0;
      return [
        name,
        Float32Array.from({ length: sizeOf(shape) }, () => middle + random.uniformIn(-spread, spread)),
      ];
    }),
  );
}

function record(engine: Engine, steps: number): Promise<Adaptation> {
  return Adaptation.record(
    engine,
    selfTestWeights(),
    {
      image: selfTestImage(),
      steps,
      corners: new Uint32Array(2 * steps),
      seed: SEED,
      noise: false,
    },
    recordMetaKernelGanStep(),
  );
}

/** The number that is furthest from what it should be. */
function compare({ kernels, losses }: AdaptationResult): { what: string; deviation: number } {
  let worst = { what: "", deviation: -1 };
  const check = (what: string, actual: number, expected: number, scale = 1): void => {
    const difference = Math.abs(actual - expected) / scale;
    // Not `difference > …`: that would let NaN pass.
    if (!(difference <= worst.deviation))
      worst = { what, deviation: Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference };
  };
  EXPECTED_KERNELS.forEach((expected, step) => {
    const scale = Math.max(...expected.map(Math.abs));
    expected.forEach((value, i) => {
      check(`kernel after ${step} steps`, kernels[step]?.[i * KERNEL_STRIDE] ?? Number.NaN, value, scale);
    });
  });
  EXPECTED_LOSSES.forEach(([adversarial, sumToOne, discriminator], step) => {
    const actual = losses[step];
    check(`adversarial loss of step ${step + 1}`, actual?.adversarial ?? Number.NaN, adversarial);
    check(`sum-to-one loss of step ${step + 1}`, actual?.constraints ?? Number.NaN, sumToOne);
    check(`discriminator's loss of step ${step + 1}`, actual?.discriminator ?? Number.NaN, discriminator);
  });
  return worst;
}

/** Milliseconds that a step takes, read-back and all. */
async function timeSteps(engine: Engine, signal: AbortSignal | undefined): Promise<number> {
  const timed = await record(engine, TIMED_STEPS);
  try {
    const start = performance.now();
    await timed.run({ signal });
    return (performance.now() - start) / TIMED_STEPS;
  } catch (error) {
    if (error instanceof NumericalError) return Number.NaN;
    throw error;
  } finally {
    timed.dispose();
  }
}
