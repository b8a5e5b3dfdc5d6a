import { describe, expect, it } from "vitest";
import { lineCharts } from "../../src/train/line-chart.js";

const chart = (points: readonly (readonly [number, number])[]): string =>
  lineCharts([{ title: "A < B", xLabel: "step", yLabel: "loss", series: [{ label: "D & G", points }] }]);

/** The points of the only line. */
const drawn = (svg: string): number[][] =>
  (svg.match(/polyline points="([^"]*)"/)?.[1] ?? "")
    .split(" ")
    .filter(Boolean)
    .map((point) => point.split(",").map(Number));

describe("line charts", () => {
  it("have labels that are safe in XML, and ticks that hold all values", () => {
    const svg = chart([
      [0, 0.37],
      [10_000, 0.52],
    ]);
    for (const text of [">A &lt; B<", ">D &amp; G<", ">step<", ">loss<", ">10,000<", ">0.35<", ">0.55<"]) {
      expect(svg).toContain(text);
    }
    const [first, last] = drawn(svg) as [number[], number[]];
    expect(first[0]).toBe(0);
    // Larger values are higher up, at their place between the outer ticks.
    expect(first[1] as number).toBeGreaterThan(last[1] as number);
    expect(last[0] as number).toBeGreaterThan(500);
  });

  it("draw means where there are more points than could be seen", () => {
    const points = drawn(chart(Array.from({ length: 10_000 }, (_, i) => [i, i % 2])));
    expect(points).toHaveLength(250);
    expect(new Set(points.map(([, y]) => y)).size).toBe(1);
  });

  it.each([
    [[]],
    [[[3, 5]]],
    [[[0, Number.NaN]]],
    [
      [
        [0, 0],
        [0, 0],
      ],
    ],
  ] as [number, number][][][])("hold only numbers for %j", (points) => {
    expect(chart(points)).not.toMatch(/NaN|Infinity|undefined/);
  });
});
