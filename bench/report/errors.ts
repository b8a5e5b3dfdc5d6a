/** A mistake that the user of the bench can correct. Its message is one sentence. */
export class BenchError extends Error {
  override name = "BenchError";
}
