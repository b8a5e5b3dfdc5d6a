import type { Engine } from "../../src/engine/device/engine.js";
import type { Program } from "../../src/engine/recording/program.js";
import { type DispatchRequest, Tape } from "../../src/engine/recording/tape.js";
import copyShader from "../shaders/copy.wgsl";
import fmaShader from "../shaders/fma.wgsl";

/** The highest rates that a shader reached on this device. */
export interface Roofline {
  readonly gflops: number;
  readonly gigabytesPerSecond: number;
  /** The fastest variants, in words. */
  readonly how: string;
}

interface Variant {
  readonly how: string;
  readonly program: Program;
  /** Operations or bytes per run, in billions. */
  readonly amount: number;
  /** Runs per sample, enough to hide the cost of a submission. */
  readonly runs: number;
  best: number;
}

const ROUNDS = 5;
/** Iterations of the FMA kernel's loop, and multiply-adds per chain and iteration: eight links of four numbers. */
const LOOPS = 64;
const LINK = 8 * 4;
const CHAINS = [2, 4, 8, 16];
const WORKGROUPS = [8, 64, 256];
/** Target length of a sample, in milliseconds. */
const SAMPLE = 40;

/** Invocations that fill the device, and sizes of the copied buffers. Small ones stay in a cache, as those of the kernels do. */
const SIZES = {
  gpu: { invocations: 1 << 20, mebibytes: [4, 32, 256] },
  software: { invocations: 1 << 15, mebibytes: [1, 4, 32] },
};

/** Measures variants of a fused multiply-add loop and of a copy kernel, and returns the rates of the fastest. */
export async function measureRoofline(engine: Engine): Promise<Roofline> {
  const { invocations, mebibytes } = SIZES[engine.adapter.kind === "gpu" ? "gpu" : "software"];
  const arithmetic = await fmaVariants(engine, invocations);
  const copies = await copyVariants(engine, mebibytes);
  const all = [...arithmetic, ...copies];
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const variant of all) {
        variant.best = Math.max(variant.best, variant.amount / (await secondsOf(variant)));
      }
    }
    const fastest = (variants: Variant[]): Variant => variants.reduce((a, b) => (b.best > a.best ? b : a));
    const [fma, copy] = [fastest(arithmetic), fastest(copies)];
    return { gflops: fma.best, gigabytesPerSecond: copy.best, how: `${fma.how}; ${copy.how}` };
  } finally {
    for (const { program } of all) program.dispose();
  }
}

async function fmaVariants(engine: Engine, invocations: number): Promise<Variant[]> {
  const variants: Variant[] = [];
  for (const chains of CHAINS) {
    for (const workgroup of WORKGROUPS) {
      await add(
        engine,
        variants,
        `${chains} chains of vec4 FMAs, workgroups of ${workgroup}`,
        (2 * invocations * LOOPS * chains * LINK) / 1e9,
        (tape) => ({
          shader: fmaShader,
          constants: { ROUNDS: LOOPS, CHAINS: chains, WORKGROUP: workgroup },
          bindings: {
            // With these factors the chains converge instead of overflowing.
            factors: tape.constant(Float32Array.of(0.5, 0.5, 0.5, 0.5, 1, 1, 1, 1)),
            sums: tape.tensor([4 * invocations]),
          },
          workgroups: [invocations / workgroup],
        }),
      );
    }
  }
  return variants;
}

async function copyVariants(engine: Engine, mebibytes: readonly number[]): Promise<Variant[]> {
  const variants: Variant[] = [];
  for (const size of mebibytes) {
    const elements = (size << 20) / 4;
    for (const each of [1, 8]) {
      for (const workgroup of WORKGROUPS) {
        await add(
          engine,
          variants,
          `copy of ${size} MiB, ${each} vec4 each, workgroups of ${workgroup}`,
          (2 * 4 * elements) / 1e9,
          (tape) => ({
            shader: copyShader,
            constants: { COUNT: elements / 4, EACH: each, WORKGROUP: workgroup },
            bindings: { x: tape.tensor([elements]), y: tape.tensor([elements]) },
            workgroups: [elements / 4 / each / workgroup],
          }),
        );
      }
    }
  }
  return variants;
}

/** Adds a warm variant with its number of runs per sample. Skips a variant that is too large to dispatch. */
async function add(
  engine: Engine,
  variants: Variant[],
  how: string,
  amount: number,
  request: (tape: Tape) => DispatchRequest,
): Promise<void> {
  const tape = new Tape(engine);
  const dispatch = request(tape);
  if ((dispatch.workgroups[0] ?? 0) > engine.device.limits.maxComputeWorkgroupsPerDimension) return;
  tape.dispatch(dispatch);
  const once: Variant = { how, program: await tape.finish(), amount, runs: 1, best: 0 };
  await secondsOf(once);
  const milliseconds = 1000 * (await secondsOf(once));
  variants.push({ ...once, runs: Math.max(1, Math.min(1000, Math.round(SAMPLE / milliseconds))) });
}

async function secondsOf({ program, runs }: Variant): Promise<number> {
  const start = performance.now();
  program.run(runs);
  await program.engine.synchronize();
  return (performance.now() - start) / 1000 / runs;
}
