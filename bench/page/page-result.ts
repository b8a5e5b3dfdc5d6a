import type { SamplingPlan } from "../comparison/interleave.js";
import type { AdapterIdentity } from "../harness/adapter-identity.js";
import type { ResultStore } from "../measure/side.js";
import { type BenchResult, FORMAT, OURS } from "../report/result/result.js";

declare const __COMMIT__: string;
declare const __VERSION__: string;

/** Thrown where a measurement goes on after the visitor has ended it. */
export class Cancelled extends Error {
  override name = "Cancelled";
}

/** The result of a page, which the visitor can end at any time: it keeps what it has. */
export class PageResult implements ResultStore {
  private current: BenchResult;
  private cancelled = false;

  constructor(
    adapter: AdapterIdentity,
    plan: SamplingPlan,
    private readonly changed: () => void,
  ) {
    const { userAgent, hardwareConcurrency } = navigator;
    const { deviceMemory = 0 } = navigator as { deviceMemory?: number };
    this.current = {
      format: FORMAT,
      date: new Date().toISOString(),
      host: "page",
      adapter,
      commit: __COMMIT__,
      versions: { [OURS]: __VERSION__, browser: userAgent },
      machine: {
        processor: "a processor that browsers do not name",
        cores: hardwareConcurrency,
        memoryGiB: deviceMemory,
        system: userAgent,
      },
      plan,
    };
  }

  get result(): BenchResult {
    return this.current;
  }

  set(parts: Partial<BenchResult>): void {
    this.current = { ...this.current, ...parts };
    this.changed();
    this.goOn();
  }

  /** @throws {Cancelled} if the visitor has ended the measurement. */
  goOn(): void {
    if (this.cancelled) throw new Cancelled();
  }

  cancel(): void {
    this.cancelled = true;
  }
}
