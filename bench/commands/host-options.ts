import type { Command } from "commander";

/** Options that say where is measured. */
export interface HostOptions {
  readonly node?: boolean;
  readonly adapter?: string;
}

/** Adds them to a command. */
export function addHostOptions(command: Command): Command {
  return command
    .option("--node", "measure in Node instead of headless Chrome")
    .option(
      "--adapter <name>",
      "gpu or swiftshader; in Node also lavapipe, or a part of an adapter's name (default: $METAKERNELGAN_ADAPTER)",
    );
}
