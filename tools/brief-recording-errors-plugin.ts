import type { Plugin } from "vite";

/** A thrown shape error: its operation, then the texts and tensors up to the statement's end. */
const SHAPE = /throw shapeError\(\s*("\w+"),[\s\S]*?\);\n/g;

/** How its text is put together. */
const SHAPE_TEXT = /const shapes = .*;\n\s*return .*;/;

/** An error of the tape or of a fused loss. */
const TAPE = /throw new EngineError\(\s*(?:`[^`]*`|"[^"]*"),?\s*\);/g;
const TAPE_FILES = ["/recording/tape.ts", "/losses/fused-loss.ts"];

/**
 * Vite plugin: errors in what is recorded name only the operation. A page that records fixed networks never throws one,
 * and their texts would be a fiftieth of its code.
 */
export function briefRecordingErrors(): Plugin {
  return {
    name: "brief-recording-errors",
    enforce: "pre",
    transform(code, id) {
      if (id.endsWith("/ops/shape-error.ts")) {
        if (!SHAPE_TEXT.test(code))
          throw new Error("brief-recording-errors does not know the text of shape errors.");
        return { code: code.replace(SHAPE_TEXT, "return new ShapeError(operation);"), map: null };
      }
      if (TAPE_FILES.some((file) => id.endsWith(file))) {
        return { code: code.replace(TAPE, 'throw new EngineError("tape");'), map: null };
      }
      if (!id.endsWith(".ts") || !code.includes("throw shapeError(")) return null;
      return { code: code.replace(SHAPE, "throw shapeError($1);\n"), map: null };
    },
  };
}
