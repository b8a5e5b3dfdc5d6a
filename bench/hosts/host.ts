import type { HarnessCalls } from "../harness/harness.js";

/** The place of the measurements: a page in Chrome, or this process. */
export interface Host {
  readonly harness: HarnessCalls;
  /** Versions of the software that runs it, such as Chrome. */
  readonly versions: Readonly<Record<string, string>>;
  /** The URL of a peer's module, for {@link Harness.load}. */
  peerUrl(name: string): string;
  close(): Promise<void>;
}
