import type { Engine } from "../../../src/engine/device/engine.js";
import type { DispatchRequest, Tape } from "../../../src/engine/recording/tape.js";
import { fastest } from "../roofline/variant.js";
import type { ProbeRow } from "./probe.js";

/** A shader whose rate is a figure of the device. */
export interface RatedShader {
  readonly name: string;
  readonly unit: string;
  /** What a dispatch does, in billions of the unit's things. */
  readonly amount: number;
  readonly request: (tape: Tape) => DispatchRequest;
}

/**
 * Measures the rates of shaders; one that this device does not run gets the reason.
 * @param rounds how often each is measured; see {@link fastest}.
 */
export async function rates(
  engine: Engine,
  shaders: readonly RatedShader[],
  rounds?: number,
): Promise<ProbeRow[]> {
  const rows: ProbeRow[] = [];
  for (const { name, unit, amount, request } of shaders) {
    const reasons: string[] = [];
    const variants = [{ how: name, amount, request }];
    const best = await fastest(engine, variants, (reason) => reasons.push(reason), rounds);
    rows.push(best ? { name, unit, value: best.rate } : { name, unit, cannot: reasons[0] ?? "" });
  }
  return rows;
}

/** Invocations that fill the device. */
export function invocationsFor({ adapter }: Engine): number {
  return adapter.kind === "gpu" ? 1 << 20 : 1 << 14;
}
