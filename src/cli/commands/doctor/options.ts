import type { Command } from "commander";
import { adapterOption, examples } from "../../shared/options/shared-options.js";
import type { DoctorOptions } from "./run.js";

/** Adds `metakernelgan doctor`. */
export function addDoctor(program: Command, version: string): void {
  program
    .command("doctor")
    .summary("check that a GPU or driver computes correctly")
    .description("Runs a small adaptation and compares its kernels and losses with stored float64 results.")
    .option("--json", "print one JSON object")
    .addOption(adapterOption())
    .addHelpText(
      "after",
      examples("metakernelgan doctor", "metakernelgan doctor --adapter swiftshader --json"),
    )
    .action(async (options: DoctorOptions) => {
      const { doctor } = await import("./run.js");
      await doctor(options, version);
    });
}
