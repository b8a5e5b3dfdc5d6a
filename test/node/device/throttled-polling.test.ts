import { expect, it } from "vitest";
import { throttlePolling } from "../../../src/node/device/throttled-polling.js";

/** Turns of the event loop while a promise is pending. */
async function turnsWhile(promise: Promise<unknown>): Promise<number> {
  let pending = true;
  const settled = (): void => {
    pending = false;
  };
  promise.then(settled, settled);
  let turns = 0;
  for (; pending; turns++) await new Promise((resolve) => setImmediate(resolve));
  return turns;
}

const after = (milliseconds: number): Promise<number> =>
  new Promise((resolve) => setTimeout(() => resolve(milliseconds), milliseconds));

it("makes each turn last a millisecond while somebody waits, and no longer however many wait", async () => {
  const began = performance.now();
  const waits = [throttlePolling(after(50)), throttlePolling(after(50)), throttlePolling(after(50))];
  const turns = await turnsWhile(Promise.all(waits));
  expect(turns).toBeLessThan(60);
  expect(performance.now() - began).toBeLessThan(100);
  expect(turns).toBeGreaterThan(5);
});

it("rests no more when nobody waits, and begins again", async () => {
  for (let round = 0; round < 3; round++) {
    await throttlePolling(after(1));
    expect(await turnsWhile(after(20))).toBeGreaterThan(100);
    expect(await turnsWhile(throttlePolling(after(20)))).toBeLessThan(30);
  }
});

it("gives the promise back, a failed one too", async () => {
  expect(await throttlePolling(after(2))).toBe(2);
  await expect(throttlePolling(Promise.reject(new Error("lost")))).rejects.toThrow("lost");
});
