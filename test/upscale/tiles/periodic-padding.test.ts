import { describe, expect, it } from "vitest";
import { padPeriodically, periodicLength } from "../../../src/upscale/tiles/periodic-padding.js";

describe("padPeriodically", () => {
  it("mirrors both ends, unmixed where they begin, and fades from one to the other", () => {
    const width = 36;
    const extended = periodicLength(width);
    expect(extended).toBe(72);
    // Of small numbers on the left and large ones on the right; three equal planes of one row.
    const row = Float32Array.from({ length: width }, (_, i) => (i < width / 2 ? i : 1000 + i));
    const padded = padPeriodically(Float32Array.from([...row, ...row, ...row]), [1, width], [1, extended]);
    const [first, ...others] = [0, 1, 2].map((plane) => [
      ...padded.subarray(plane * extended, (plane + 1) * extended),
    ]);
    for (const other of others) expect(other).toEqual(first);
    expect(first?.slice(0, width)).toEqual([...row]);
    const added = first?.slice(width) ?? [];
    const mirrored = [...row].reverse();
    expect(added.slice(0, 10)).toEqual(mirrored.slice(0, 10));
    expect(added.slice(-10)).toEqual(mirrored.slice(-10));
    added.slice(1).forEach((value, i) => {
      expect(value).toBeLessThan(added[i] as number);
    });
  });

  it("leaves planes of the asked size as they are", () => {
    const planes = Float32Array.from({ length: 3 * 20 }, (_, i) => i);
    expect(padPeriodically(planes, [4, 5], [4, 5])).toEqual(planes);
  });
});
