/** The examples that the page draws itself. */
export const DRAWINGS = { leaves: "Leaves", poster: "Poster" } as const;

export type DrawingName = keyof typeof DRAWINGS;

/** Whether a text names a drawing. */
export function isDrawingName(name: unknown): name is DrawingName {
  return typeof name === "string" && Object.hasOwn(DRAWINGS, name);
}
