import type { LaboratoryCalls } from "../harness/harness.js";

/** Where things are measured. */
export interface Host {
  readonly laboratory: LaboratoryCalls;
  /** Names and versions of what runs it, such as Chrome's. */
  readonly versions: Readonly<Record<string, string>>;
  /** Where a peer's module is, for {@link Laboratory.load}. */
  peerUrl(file: string): string;
  close(): Promise<void>;
}
