/** What a user of the bench can put right; its message is one sentence. */
export class BenchError extends Error {
  override name = "BenchError";
}
