/** A file that is made to break its reader. */
export interface HostileFile {
  /** Its ending says which reader it is made for. */
  readonly name: string;
  readonly bytes: () => Uint8Array;
  /** What the refusal says. */
  readonly refused: RegExp;
  /** Whether the reader may also take what it can. */
  readonly mayPass?: boolean;
}
