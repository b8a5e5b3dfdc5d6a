import { Engine } from "../../src/engine/engine.js";
import { Laboratory } from "../harness/harness.js";

declare global {
  /** The bench's measuring side, for the host to call. */
  var laboratory: Promise<Laboratory>;
}

globalThis.laboratory = Laboratory.open(() => Engine.create({ powerPreference: "high-performance" }));
