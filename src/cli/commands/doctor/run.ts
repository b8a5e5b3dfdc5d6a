import { type SelfTestResult, selfTest } from "../../../estimate/self-test/self-test.js";
import type { AdapterChoice } from "../../../node/device/adapters.js";
import { createEngine } from "../../../node/device/create-engine.js";
import { cancellable } from "../../shared/cancellable.js";
import { closeEngine } from "../../shared/devices/close-engine.js";
import { adapterText } from "../../shared/terminal/adapter-text.js";
import { labeled, print, printJson, printLine, seconds } from "../../shared/terminal/report.js";

/** The options of `metakernelgan doctor`. */
export interface DoctorOptions {
  readonly json?: boolean;
  readonly adapter?: AdapterChoice;
}

/** `metakernelgan doctor`. */
export async function doctor(options: DoctorOptions, version: string): Promise<void> {
  await cancellable(async (signal) => {
    const engine = await createEngine({ adapter: options.adapter });
    try {
      signal.throwIfAborted();
      let startup = 0;
      const result = await selfTest(engine, {
        signal,
        onStart: () => {
          startup = performance.now();
        },
      });
      const { adapter } = engine;
      if (options.json) {
        const node = `${process.version} ${process.platform}-${process.arch}`;
        printJson({ version, node, adapter, ...result, seconds: { startup: startup / 1000 } });
      } else {
        const lines = labeled([
          ["adapter", adapterText(adapter)],
          ["driver", adapter.driver || undefined],
          ["start-up", seconds(startup)],
          [
            "one step",
            `${result.millisecondsPerStep.toFixed(1)} ms, so ${seconds(200 * result.millisecondsPerStep)} for 200`,
          ],
        ]);
        print(`${verdict(result)}\n${lines}`);
      }
      if (!result.passed) {
        printLine(
          `${adapterText(adapter)} computes wrong numbers: update its driver, or choose another adapter with --adapter (metakernelgan devices lists them).`,
        );
        process.exitCode = 1;
      }
    } finally {
      await closeEngine(engine);
    }
  });
}

function verdict({ passed, numbers, deviation, worst, tolerance }: SelfTestResult): string {
  const detail =
    `the largest deviation of ${numbers} numbers is ${deviation.toExponential(1)} (${worst}), ` +
    `and ${tolerance.toExponential(0)} is allowed`;
  return passed
    ? `Passed: forward pass and gradients agree with float64; ${detail}.`
    : `FAILED: forward pass or gradients are wrong; ${detail}.`;
}
