import { escapeXml } from "../../../src/image/escape-xml.js";
import type { BenchResult, KernelTimes } from "../result/result.js";
import { kernelSpeed } from "../tables/figures.js";
import { number } from "../tables/table.js";

const WIDTH = 860;
const HEIGHT = 520;
const MARGIN = { left: 64, right: 24, top: 40, bottom: 48 };
/** Kernels with a name in the plot: those that take the longest. */
const NAMED = 8;
/** Height of a line of names, in pixels. */
const LINE = 12;
/** Decades of both axes. */
const INTENSITY = { low: 0.01, high: 1000 };

interface Point {
  readonly intensity: number;
  readonly rate: number;
}

/**
 * The roofline of a device as an SVG picture, with logarithmic axes: the measured limits, the sweep over arithmetic
 * intensities, and this package's kernels.
 */
export function rooflinePlot({ roofline, intensity = [], profiles = [] }: BenchResult): string {
  const kernels = profiles
    .flatMap(({ profile }) => ("kernels" in profile ? profile.kernels : []))
    .sort((a, b) => b.time.median - a.time.median)
    .flatMap((kernel) => kernelPoint(kernel) ?? []);
  const rates = [...intensity, ...kernels].map(({ rate }) => rate);
  const top = 2 * Math.max(1, roofline?.arithmetic.rate ?? 0, ...rates);
  const x = (value: number): number =>
    place(value, INTENSITY.low, INTENSITY.high, MARGIN.left, WIDTH - MARGIN.right);
  const y = (value: number): number => place(value, top / 1e5, top, HEIGHT - MARGIN.bottom, MARGIN.top);
  const line = (points: readonly Point[], style: string): string =>
    `<polyline points="${points.map((p) => `${x(p.intensity).toFixed(1)},${y(p.rate).toFixed(1)}`).join(" ")}" fill="none" ${style}/>`;
  const roofs = roofline
    ? ([roofline.memory, roofline.cache] as const).map(({ rate }, i) => {
        const knee = roofline.arithmetic.rate / rate;
        const points = [INTENSITY.low, knee, INTENSITY.high].map((at) => ({
          intensity: at,
          rate: Math.min(roofline.arithmetic.rate, rate * at),
        }));
        return line(points, `stroke="#222" stroke-width="2"${i === 1 ? ' stroke-dasharray="6 4"' : ""}`);
      })
    : [];
  const lines = apart(kernels.slice(0, NAMED).map(({ rate }) => y(rate)));
  const dots = kernels.map(
    ({ intensity, rate, name }, i) =>
      `<circle cx="${x(intensity).toFixed(1)}" cy="${y(rate).toFixed(1)}" r="4" fill="#0072b2"/>${
        i < NAMED
          ? `<text x="${(x(intensity) + 7).toFixed(1)}" y="${(lines[i] as number).toFixed(1)}" dy="0.35em" font-size="11">${escapeXml(name)}</text>`
          : ""
      }`,
  );
  const limits = roofline
    ? `${number(roofline.arithmetic.rate)} GFLOP/s; ${number(roofline.memory.rate)} GB/s in memory, ${number(roofline.cache.rate)} GB/s in caches (dashed)`
    : "";
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" fill="#222">
<rect width="100%" height="100%" fill="#fff"/>
<text x="${MARGIN.left}" y="24" font-weight="bold">${limits}</text>
${axes(x, y, top)}
${roofs.join("\n")}
${line(intensity, 'stroke="#d55e00" stroke-width="2"')}
${dots.join("\n")}
</svg>
`;
}

/** Heights moved down so far that no two lines of text overlap. */
function apart(heights: readonly number[]): number[] {
  const moved = [...heights];
  let last = Number.NEGATIVE_INFINITY;
  for (const i of moved.map((_, i) => i).sort((a, b) => (heights[a] as number) - (heights[b] as number))) {
    last = Math.max(heights[i] as number, last + LINE);
    moved[i] = last;
  }
  return moved;
}

function kernelPoint(kernel: KernelTimes): (Point & { readonly name: string }) | undefined {
  const speed = kernelSpeed(kernel, kernel.time.median);
  if (!speed || kernel.multiplyAdds === 0 || kernel.bytes === 0) return undefined;
  return { name: kernel.name, intensity: (2 * kernel.multiplyAdds) / kernel.bytes, rate: speed.gflops };
}

/** A place on a logarithmic axis, at its ends for values beyond. */
function place(value: number, low: number, high: number, start: number, end: number): number {
  const part = Math.log(Math.max(low, Math.min(high, value)) / low) / Math.log(high / low);
  return start + part * (end - start);
}

function axes(x: (value: number) => number, y: (value: number) => number, top: number): string {
  const decades = (low: number, high: number): number[] => {
    const first = Math.ceil(Math.log10(low));
    return Array.from({ length: Math.floor(Math.log10(high)) - first + 1 }, (_, i) => 10 ** (first + i));
  };
  const [bottom, right] = [HEIGHT - MARGIN.bottom, WIDTH - MARGIN.right];
  const grid = 'stroke="#ddd"';
  return [
    ...decades(INTENSITY.low, INTENSITY.high).map(
      (value) =>
        `<line x1="${x(value)}" x2="${x(value)}" y1="${MARGIN.top}" y2="${bottom}" ${grid}/><text x="${x(value)}" y="${bottom + 18}" text-anchor="middle">${value}</text>`,
    ),
    ...decades(top / 1e5, top).map(
      (value) =>
        `<line x1="${MARGIN.left}" x2="${right}" y1="${y(value)}" y2="${y(value)}" ${grid}/><text x="${MARGIN.left - 8}" y="${y(value)}" dy="0.35em" text-anchor="end">${value}</text>`,
    ),
    `<text x="${(MARGIN.left + right) / 2}" y="${HEIGHT - 10}" text-anchor="middle">operations per byte</text>`,
    `<text x="16" y="${(MARGIN.top + bottom) / 2}" transform="rotate(-90 16 ${(MARGIN.top + bottom) / 2})" text-anchor="middle">GFLOP/s</text>`,
  ].join("\n");
}
