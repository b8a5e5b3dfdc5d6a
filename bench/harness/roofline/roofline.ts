import type { Engine } from "../../../src/engine/device/engine.js";
import type { Tensor } from "../../../src/engine/tensors/tensor.js";
import { copyVariants } from "./copies.js";
import { multiplyAddVariants } from "./multiply-adds.js";
import { fastest, type Rate } from "./variant.js";

/** A limit of the device's memory: what the fastest copy between buffers of a size moved. */
export interface Bandwidth extends Rate {
  /** MiB that the copy reads and writes together. */
  readonly footprint: number;
}

/** The highest rates that a shader reached on this device. */
export interface Roofline {
  /** GFLOP/s, an FMA counted as two. */
  readonly arithmetic: Rate;
  /** GB/s of small copies, which stay in a cache. */
  readonly cache: Bandwidth;
  /** GB/s of the largest copies. */
  readonly memory: Bandwidth;
  /** Variants that the device did not run, with the reason. */
  readonly skipped: readonly string[];
}

/** Invocations that fill the device, and MiB of the copied buffers. */
export interface RooflineSizes {
  readonly invocations: number;
  readonly cached: readonly number[];
  /** Larger than any cache; halved until the device has room for two of them. */
  readonly large: number;
}

export const ROOFLINE_SIZES: Readonly<Record<"gpu" | "software", RooflineSizes>> = {
  gpu: { invocations: 1 << 20, cached: [1, 4], large: 128 },
  software: { invocations: 1 << 15, cached: [1, 4], large: 64 },
};

/** The sizes for a device. */
export function rooflineSizes({ adapter }: Engine): RooflineSizes {
  return ROOFLINE_SIZES[adapter.kind === "gpu" ? "gpu" : "software"];
}

/**
 * Measures variants of a fused multiply-add loop and of a copy kernel, and returns the rates of the fastest. Copies share
 * two tensors, and loops one, so that it takes twice `large` of the device's memory at most. A variant that fails is
 * skipped.
 * @param rounds how often promising variants are measured; see {@link fastest}.
 * @throws {EngineError} if no variant of a kind runs.
 */
export async function measureRoofline(
  engine: Engine,
  sizes: RooflineSizes = rooflineSizes(engine),
  rounds?: number,
): Promise<Roofline> {
  const { invocations, cached } = sizes;
  const skipped: string[] = [];
  const skip = (reason: string): void => void skipped.push(reason);
  const sums = engine.tensor([4 * invocations], { label: "sums" });
  const arithmetic = await fastest(engine, multiplyAddVariants(invocations, sums), skip, rounds);
  engine.free(sums);
  // The small ones first: a device that is lost over the large ones has told something by then.
  const cache = await measureCopies(engine, cached, skip, rounds);
  const memory = await measureCopies(engine, [sizes.large], skip, rounds);
  return { arithmetic: required(arithmetic, "multiply-add loop"), cache, memory, skipped };
}

/** Copies of so many MiB, which share two tensors; or of as many as the device has room for. */
async function measureCopies(
  engine: Engine,
  mebibytes: readonly number[],
  skip: (reason: string) => void,
  rounds?: number,
): Promise<Bandwidth> {
  const { large, pair } = await largestPair(engine, Math.max(...mebibytes), skip);
  try {
    const copied = new Set(mebibytes.map((size) => Math.min(size, large)));
    const [source, target] = pair;
    const variants = [...copied].flatMap((size) => copyVariants(source, target, size));
    const best = required(await fastest(engine, variants, skip, rounds), "copy");
    return { ...best, footprint: 2 * Number(/\d+/.exec(best.how)?.[0]) };
  } finally {
    for (const tensor of pair) engine.free(tensor);
  }
}

function required(rate: Rate | undefined, what: string): Rate {
  if (!rate) throw new Error(`No variant of the ${what} runs on this device, so there is no roofline.`);
  return rate;
}

/** Two tensors of so many MiB, or of half as many until the device has room for them. */
async function largestPair(
  engine: Engine,
  mebibytes: number,
  skip: (reason: string) => void,
): Promise<{ large: number; pair: readonly [Tensor, Tensor] }> {
  const made: Tensor[] = [];
  try {
    for (const label of ["source", "target"]) {
      made.push(engine.tensor([(mebibytes << 20) / 4], { label }));
    }
    await engine.synchronize();
    return { large: mebibytes, pair: made as unknown as readonly [Tensor, Tensor] };
  } catch (error) {
    for (const tensor of made) engine.free(tensor);
    engine.check();
    if (mebibytes <= 1) throw error;
    skip(`copy of ${mebibytes} MiB: ${(error as Error).message}`);
    return largestPair(engine, mebibytes / 2, skip);
  }
}

/** The higher rate of each kind, of two measurements. */
export function higher(a: Roofline, b: Roofline): Roofline {
  const best = <T extends Rate>(one: T, other: T): T => (other.rate > one.rate ? other : one);
  return {
    arithmetic: best(a.arithmetic, b.arithmetic),
    cache: best(a.cache, b.cache),
    memory: best(a.memory, b.memory),
    skipped: [...new Set([...a.skipped, ...b.skipped])],
  };
}
