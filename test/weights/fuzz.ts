import { WeightsError } from "../../src/weights/errors.js";
import { randomSeed } from "../support/seed.js";

/** A small generator of random integers below `limit`, the same for the same seed (mulberry32). */
export function randomIntegers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % limit;
  };
}

/** Damages a copy: flips bits, overwrites, cuts off, removes or doubles a piece. */
export function damage(bytes: Uint8Array, random: (limit: number) => number): Uint8Array {
  const copy = bytes.slice();
  const at = random(copy.length);
  const end = at + 1 + random(16);
  switch (random(5)) {
    case 0:
      for (let i = random(4); i >= 0; i--) {
        const spot = random(copy.length);
        copy[spot] = (copy[spot] as number) ^ (1 << random(8));
      }
      return copy;
    case 1:
      copy[at] = [0, 0xff, 0x7f, 0x80, random(256)][random(5)] as number;
      return copy;
    case 2:
      return copy.slice(0, at);
    case 3:
      return Uint8Array.from([...copy.subarray(0, at), ...copy.subarray(end)]);
    default:
      return Uint8Array.from([...copy.subarray(0, end), ...copy.subarray(at)]);
  }
}

/** Reads damaged copies; returns how many were refused. Anything but a WeightsError goes through. */
export function fuzz(bytes: Uint8Array, read: (bytes: Uint8Array) => unknown, rounds: number): number {
  const random = randomIntegers(randomSeed());
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    try {
      read(damage(bytes, random));
    } catch (error) {
      if (!(error instanceof WeightsError)) throw error;
      refused++;
    }
  }
  return refused;
}
