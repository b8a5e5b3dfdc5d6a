import { onTestFailed } from "vitest";

/** Set it to the seed of a failed run to repeat that run. */
const VARIABLE = "METAKERNELGAN_TEST_SEED";

/**
 * A seed for what a test draws at random: another one in each run, so that many runs try much. Where the test
 * fails, it prints the seed. Tests that compare numbers within a tolerance have fixed seeds of their own instead.
 */
export function randomSeed(): number {
  const given = process.env[VARIABLE];
  const seed = given === undefined ? Math.floor(2 ** 32 * Math.random()) : Number(given);
  if (!Number.isInteger(seed) || seed < 0)
    throw new RangeError(`${VARIABLE} is "${given}": give a whole number.`);
  onTestFailed(() => console.error(`Random seed: ${seed}. ${VARIABLE}=${seed} repeats this run.`));
  return seed;
}
