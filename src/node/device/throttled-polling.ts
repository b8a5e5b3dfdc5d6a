/** How long the thread rests between two polls, in milliseconds: short beside any wait for a software device. */
const REST = 1;

const nothing = new Int32Array(new SharedArrayBuffer(4));
let waiting = 0;
let resting = false;

/**
 * Rests while a promise of a software device is pending. Dawn for Node polls in every turn of the event loop for as long as
 * somebody waits, and would take a core from the device, which computes on the same ones; so a turn is made to last 1 ms.
 */
export function restWhile<T>(promise: Promise<T>): Promise<T> {
  waiting++;
  const settled = (): void => {
    waiting--;
  };
  promise.then(settled, settled);
  if (!resting) setImmediate(rest);
  resting = true;
  return promise;
}

/** One rest a turn, however many wait. */
function rest(): void {
  resting = waiting > 0;
  if (!resting) return;
  Atomics.wait(nothing, 0, 0, REST);
  setImmediate(rest);
}
