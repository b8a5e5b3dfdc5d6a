import { Command } from "commander";
import { openHost } from "../hosts/open.js";
import { measureDevice } from "../measure/device.js";
import { measureKernels, measureRooflines, measureRooflinesAgain } from "../measure/kernels.js";
import { commitOf } from "../measure/machine.js";
import { progress } from "../measure/progress.js";
import { rooflinePlot } from "../report/drawings/roofline-plot.js";
import { Recorder } from "../report/recorder.js";
import { markdown } from "../report/tables/table.js";
import { addHostOptions, type HostOptions } from "./host-options.js";
import { untilInterrupted } from "./interrupt.js";
import { addPlanOptions, type PlanOptions, planOf } from "./plan-options.js";
import { startResult } from "./result-start.js";
import { requireRightNumbers } from "./right-numbers.js";

interface DeviceOptions extends HostOptions, PlanOptions {
  readonly out: string;
}

export function deviceCommand(defaultOut: string): Command {
  const command = new Command("device").description(
    "find the figures of a device: latencies, transfers, arithmetic, memory, and a roofline with this package's kernels",
  );
  return addPlanOptions(addHostOptions(command)).option(
    "--out <folder>",
    "folder for the results",
    defaultOut,
  );
}

/** Probes a device, prints tables, and writes the result and the roofline's picture. */
export async function runDevice(options: DeviceOptions, folder: string): Promise<boolean> {
  await Recorder.prepareFolder(options.out);
  const host = await openHost(folder, options);
  try {
    await requireRightNumbers(host);
    const recorder = await startResult(host, options, folder, commitOf(folder), "-device");
    const side = { harness: host.harness, recorder };
    const publish = (): void => {
      process.stdout.write(markdown(recorder.result));
      recorder.finish(rooflinePlot(recorder.result));
      progress(`written: ${recorder.path}.json, ${recorder.path}.svg`);
    };
    const measure = async (): Promise<void> => {
      await measureRooflines([side]);
      await measureDevice(side);
      await measureKernels([side], ["adaptation", "upscaling"], planOf(options));
      await measureRooflinesAgain([side]);
    };
    await untilInterrupted(measure(), publish);
    publish();
    return true;
  } finally {
    await host.close();
  }
}
