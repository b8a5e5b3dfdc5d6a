/** Thrown where a shader does not end: nothing else can be asked of its device, not even to be closed. */
export class StuckError extends Error {
  override name = "StuckError";
}

/**
 * Waits for something that a shader does.
 * @throws {StuckError} if it takes longer than so many seconds.
 */
export async function endsWithin<T>(seconds: number, what: string, running: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new StuckError(`${what} did not end within ${seconds} s: does it loop for ever?`));
    }, 1000 * seconds);
  });
  try {
    return await Promise.race([running, limit]);
  } finally {
    clearTimeout(timer);
  }
}
