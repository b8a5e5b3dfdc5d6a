import { Engine } from "../../src/engine/device/engine.js";
import { Harness } from "../harness/harness.js";

declare global {
  /** The measuring side of the bench, which the host calls. */
  var harness: Promise<Harness>;
}

globalThis.harness = Harness.open(
  () => Engine.create({ powerPreference: "high-performance" }),
  () => true,
);
