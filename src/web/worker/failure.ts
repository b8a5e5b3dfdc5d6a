import { DeviceLostError, EngineError, NoAdapterError, OutOfMemoryError } from "../../engine/errors.js";
import { WeightsError } from "../../weights/errors.js";

/** Words for a page's visitor where the engine's own words are for programmers. */
const WORDS: readonly (readonly [kind: new (message: string) => EngineError, message: string])[] = [
  [
    NoAdapterError,
    "This browser offers no GPU to this page. Switch on hardware acceleration, or use a current Chrome, Edge, Firefox or Safari.",
  ],
  [
    DeviceLostError,
    "The GPU was lost: its driver restarted, or it was unplugged. Start the run again; the page reconnects.",
  ],
  [
    OutOfMemoryError,
    "The GPU has too little memory for this picture. Choose a smaller one, or ×2, or close other pages.",
  ],
  [
    WeightsError,
    "The weights could not be loaded, or are damaged. Check the connection, and reload the page.",
  ],
];

/** An error in a visitor's words. */
export function failureWords(error: unknown): string {
  const [, words] = WORDS.find(([Kind]) => error instanceof Kind) ?? [];
  if (error instanceof EngineError) return words ?? error.message;
  const message = error instanceof Error ? error.message : String(error);
  return `Something unexpected went wrong (${message}). Try again, or reload the page.`;
}
