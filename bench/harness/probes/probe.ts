import type { Engine } from "../../../src/engine/device/engine.js";

/** One figure of a device, or the reason why it has none. */
export type ProbeRow = { readonly name: string; readonly unit: string } & (
  | { readonly value: number }
  | { readonly cannot: string }
);

/** Figures of a device that are found together. */
export interface Probe {
  readonly title: string;
  /** @param rounds how often a rate is measured; see `fastest`. */
  run(engine: Engine, rounds?: number): Promise<ProbeRow[]>;
}
