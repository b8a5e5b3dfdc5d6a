/** The thread's rest between two polls, in milliseconds: short compared with any wait for a software device. */
const REST = 1;

const nothing = new Int32Array(new SharedArrayBuffer(4));
let waiting = 0;
let resting = false;

/**
 * Slows Dawn's polling down while a promise of a software device is pending. Dawn for Node polls in every turn of the event
 * loop, which would take a core from the device: it computes on the same ones. So each turn is made to last 1 ms.
 */
export function throttlePolling<T>(promise: Promise<T>): Promise<T> {
  waiting++;
  const settled = (): void => {
    waiting--;
  };
  promise.then(settled, settled);
  if (!resting) setImmediate(rest);
  resting = true;
  return promise;
}

/** One rest in a turn, however many promises are pending. */
function rest(): void {
  resting = waiting > 0;
  if (!resting) return;
  Atomics.wait(nothing, 0, 0, REST);
  setImmediate(rest);
}
