import { spawn } from "node:child_process";
import { cpus } from "node:os";
import { expect, it } from "vitest";
import { busyShare } from "../../bench/measure/machine.js";

it("a machine is busy while other processes work on every core, whatever the load average says", async () => {
  const workers = cpus().map(() => spawn(process.execPath, ["-e", "for (;;) {}"]));
  try {
    // Until they have started.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await busyShare()).toBeGreaterThan(0.5);
    expect(await busyShare()).toBeLessThanOrEqual(1);
  } finally {
    for (const worker of workers) worker.kill("SIGKILL");
  }
});
