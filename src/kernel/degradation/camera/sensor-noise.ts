import type { RandomStream } from "../../../engine/random.js";

/** The noise of a sensor in linear light, where 1 is white: of variance `shot · x + read²`. */
export interface SensorNoise {
  readonly shot: number;
  readonly read: number;
}

/** Adds a sensor's noise to its values, in place. Draws one normal value each. */
export function addSensorNoise(
  values: Float32Array,
  { shot, read }: SensorNoise,
  random: RandomStream,
): void {
  for (let i = 0; i < values.length; i++) {
    const deviation = Math.sqrt(shot * Math.max(values[i], 0) + read ** 2);
    values[i] += deviation * random.normal();
  }
}
