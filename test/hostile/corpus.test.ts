import { describe, expect, test } from "vitest";
import { CORPUS } from "./corpus.js";
import { drive } from "./readers.js";

/** The readers that a file is made for, by its name's ending. */
function readersFor(name: string): readonly string[] {
  if (name.endsWith(".config.json")) return ["run"];
  if (name.endsWith(".pt")) return ["import"];
  if (name.endsWith(".safetensors")) return ["import", "usrnet", "guided"];
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return ["npy", "mat", "json"].includes(ending) ? [ending] : ["image"];
}

/** Far more than any of these files takes on a busy machine. */
const MAX_MS = 30_000;

describe("hostile files", () => {
  test("have names of their own, and are about a hundred", () => {
    expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
    expect(CORPUS.length).toBeGreaterThan(100);
  });

  test.each(CORPUS)(
    "$name is refused in words by every reader",
    async ({ name, bytes, refused, mayPass }) => {
      const outcomes = await drive(bytes());
      for (const { reader, raw, refusal = "", milliseconds } of outcomes) {
        expect(raw, `raw error of ${reader}`).toBeUndefined();
        expect(milliseconds, `time of ${reader}`).toBeLessThan(MAX_MS);
        expect(refusal.length, `length of ${reader}'s refusal`).toBeLessThan(700);
      }
      const own = outcomes.filter(({ reader }) => readersFor(name).includes(reader));
      const refusals = own.map(({ refusal }) => refusal ?? "");
      if (mayPass && refusals.includes("")) return;
      expect(
        own.every(({ refusal }) => refusal !== undefined),
        "is refused",
      ).toBe(true);
      expect(
        refusals.some((refusal) => refused.test(refusal)),
        refusals.join("\n"),
      ).toBe(true);
    },
  );
});
