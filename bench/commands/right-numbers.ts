import type { Host } from "../hosts/host.js";
import { progress } from "../measure/progress.js";
import { BenchError } from "../report/errors.js";

/** @throws {BenchError} if this package computes wrong numbers on a host's adapter. */
export async function requireRightNumbers(host: Host): Promise<void> {
  progress("self-test");
  const { passed, worst, deviation } = await host.harness.selfTest();
  if (passed) return;
  throw new BenchError(
    `This package computes wrong numbers on this adapter (${worst} is off by ${deviation.toExponential(1)}), so nothing is timed.`,
  );
}
