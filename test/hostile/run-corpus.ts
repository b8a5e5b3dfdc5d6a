import { ascii } from "../weights/checkpoint-builder.js";
import type { HostileFile } from "./hostile-file.js";

const config = (rest: object) =>
  ascii(
    JSON.stringify({
      version: "0.1.0",
      training: "gan",
      adapter: { name: "a", kind: "gpu" },
      data: ["photos"],
      images: 3,
      settings: { seed: 0, files: "", init: null },
      schedule: { steps: 9, checkpointEvery: 3, logEvery: 1, validateEvery: 0, validateSteps: 1 },
      ...rest,
    }),
  );

/** Configurations of training runs. */
export const RUNS: readonly HostileFile[] = [
  { name: "nothing.config.json", bytes: () => ascii(""), refused: /does not describe a run/ },
  { name: "null.config.json", bytes: () => ascii("null"), refused: /does not describe a run/ },
  {
    name: "lists.config.json",
    bytes: () => ascii("[".repeat(1_000_000)),
    refused: /does not describe a run/,
  },
  {
    name: "no-settings.config.json",
    bytes: () => config({ settings: null }),
    refused: /does not describe a run/,
  },
  {
    name: "steps-of-half.config.json",
    bytes: () => config({ schedule: { steps: 0.5 } }),
    refused: /does not describe a run/,
  },
  {
    name: "no-adapter.config.json",
    bytes: () => config({ adapter: null }),
    refused: /does not describe a run/,
  },
  {
    name: "data-of-numbers.config.json",
    bytes: () => config({ data: [5, null] }),
    refused: /does not describe a run/,
  },
];
