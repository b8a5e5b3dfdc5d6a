import type { Command } from "commander";
import { examples } from "../../shared/options/shared-options.js";
import type { DevicesOptions } from "./run.js";

/** Adds `metakernelgan devices`. */
export function addDevices(program: Command, version: string): void {
  program
    .command("devices")
    .summary("list the GPUs, software drivers and browser of this machine")
    .description(
      "Lists the WebGPU adapters of this machine, says which one is used and why, and names the browser found.",
    )
    .option("--json", "print one JSON object")
    .addHelpText("after", examples("metakernelgan devices", "metakernelgan devices --json"))
    .action(async (options: DevicesOptions) => {
      const { devices } = await import("./run.js");
      await devices(options, version);
    });
}
