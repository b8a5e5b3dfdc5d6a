import { DeviceLostError, EngineError, NoAdapterError, OutOfMemoryError } from "../../engine/errors.js";

/** Where the engine's own words are for a programmer: words for somebody who looks at a page. */
const WORDS: readonly (readonly [kind: new (message: string) => EngineError, message: string])[] = [
  [
    NoAdapterError,
    "This browser offers no GPU to this page. Use a current Chrome, Edge, Firefox or Safari with hardware acceleration switched on, and load the page again.",
  ],
  [
    DeviceLostError,
    "The GPU was lost: its driver started anew, or it was unplugged. Run again, and the page takes it anew.",
  ],
  [
    OutOfMemoryError,
    "The GPU has not enough memory for this picture. Choose a smaller one, or ×2, or close other pages.",
  ],
];

/** What went wrong, for the person at the screen. */
export function failureWords(error: unknown): string {
  const [, words] = WORDS.find(([Kind]) => error instanceof Kind) ?? [];
  if (error instanceof EngineError) return words ?? error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `Something unexpected went wrong (${message}). Try again, or load the page again.`;
}
