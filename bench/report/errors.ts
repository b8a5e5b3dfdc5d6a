/** A mistake that the user of the bench can correct. Its message is one sentence. */
export class BenchError extends Error {
  override name = "BenchError";
}

/** An error's sentence: a device adds what it was doing, in lines of their own. */
export function sentenceOf({ message }: Error): string {
  return (message.split("\n - ")[0] as string).trim();
}
