import { describe, expect, it } from "vitest";
import { RandomStream, threefry2x32 } from "../../src/engine/random.js";
import fixture from "../fixtures/image-maths.json";

describe("threefry2x32", () => {
  it("gives the known answers of Random123", () => {
    expect(threefry2x32([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    const ones = [0xffffffff, 0xffffffff] as const;
    expect(threefry2x32(ones, ones)).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([
      0xc4923a9c, 0x483df7a0,
    ]);
  });
});

describe("RandomStream", () => {
  it("hands out the words of counters (0, block), (1, block), … in order", () => {
    const random = new RandomStream(1234567, 42);
    expect(Array.from({ length: 6 }, () => random.uint32())).toEqual(fixture.words);
    const block = new RandomStream(1, 2, 9);
    expect([block.uint32(), block.uint32(), block.uint32()]).toEqual([
      ...threefry2x32([1, 2], [0, 9]),
      threefry2x32([1, 2], [1, 9])[0],
    ]);
  });

  it("makes two normal values of each counter, as documented for the GPU", () => {
    const random = new RandomStream(7, 3);
    for (let index = 0; index < 4; index++) {
      const [first, second] = threefry2x32([7, 3], [index, 0]);
      const u1 = ((first >>> 8) + 1) / 2 ** 24;
      const u2 = (second >>> 8) / 2 ** 24;
      expect(random.normal()).toBe(Math.sqrt(-2 * Math.log(u1)) * Math.cos(2 * Math.PI * u2));
      expect(random.normal()).toBe(Math.sqrt(-2 * Math.log(u1)) * Math.sin(2 * Math.PI * u2));
    }
  });

  it("keeps the half-used pair of one kind while the other kind draws", () => {
    const random = new RandomStream(7, 3);
    const first = random.uint32();
    random.normal();
    expect([first, random.uint32()]).toEqual(threefry2x32([7, 3], [0, 0]));
    expect(random.uint32()).toBe(threefry2x32([7, 3], [2, 0])[0]);
  });

  it("has uniform and normal values with the right moments", () => {
    const random = new RandomStream(11, 0);
    const count = 100_000;
    let inside = true;
    let uniform = 0;
    let mean = 0;
    let square = 0;
    let fourth = 0;
    for (let i = 0; i < count; i++) {
      const u = random.uniformIn(2, 4);
      inside &&= u >= 2 && u < 4;
      uniform += u / count;
      const normal = random.normal();
      mean += normal / count;
      square += normal ** 2 / count;
      fourth += normal ** 4 / count;
    }
    expect(inside).toBe(true);
    expect(Math.abs(uniform - 3)).toBeLessThan(0.01);
    expect(Math.abs(mean)).toBeLessThan(0.015);
    expect(Math.abs(square - 1)).toBeLessThan(0.02);
    expect(Math.abs(fourth - 3)).toBeLessThan(0.15);
  });

  it("gives different streams different numbers", () => {
    const first = (seed: number, stream: number) => new RandomStream(seed, stream).uint32();
    expect(new Set([first(0, 0), first(0, 1), first(1, 0), first(1, 1)]).size).toBe(4);
  });

  it("chooses by weight and never an index of weight zero", () => {
    const random = new RandomStream(5, 0);
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 40_000; i++) counts[random.choice([0, 1, 1, 4, 4])]++;
    expect([counts[0], counts[2], counts[4]]).toEqual([0, 0, 0]);
    expect(counts[3] / counts[1]).toBeGreaterThan(2.8);
    expect(counts[3] / counts[1]).toBeLessThan(3.2);
  });
});
