import { escapeXml } from "../image/escape-xml.js";
import { mean } from "../image/metrics/mean.js";

/** A line of a chart. */
export interface Series {
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** One chart of an SVG picture; x begins at 0. */
export interface Chart {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
}

const WIDTH = 760;
const HEIGHT = 340;
const MARGIN = { top: 40, right: 170, bottom: 52, left: 76 };
const PLOT = { width: WIDTH - MARGIN.left - MARGIN.right, height: HEIGHT - MARGIN.top - MARGIN.bottom };
/** Distinct for color-blind readers too (Okabe and Ito 2008). */
const COLORS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
/** More points than a line has pixels are averaged. */
const MAX_POINTS = 250;

/** Charts one below the other, as an SVG picture on white. */
export function lineCharts(charts: readonly Chart[]): string {
  const height = HEIGHT * charts.length;
  const bodies = charts.map(
    (chart, i) => `<g transform="translate(0 ${i * HEIGHT})">\n${chartBody(chart)}\n</g>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#222">
<rect width="100%" height="100%" fill="#fff"/>
${bodies.join("\n")}
</svg>
`;
}

function chartBody({ title, xLabel, yLabel, series }: Chart): string {
  const lines = series.map(({ label, points }) => ({ label, points: thinned(points) }));
  const all = lines.flatMap(({ points }) => points);
  const xMax = Math.max(1, ...all.map(([x]) => x));
  const xTicks = ticks([0, xMax]).filter((tick) => tick <= xMax);
  const yTicks = ticks(all.map(([, y]) => y));
  const x = scale(0, xMax, 0, PLOT.width);
  const y = scale(yTicks[0] as number, yTicks.at(-1) as number, PLOT.height, 0);
  const middle = MARGIN.top + PLOT.height / 2;
  return [
    `<text x="${MARGIN.left}" y="24" font-size="15" font-weight="bold">${escapeXml(title)}</text>`,
    `<text x="${MARGIN.left + PLOT.width / 2}" y="${HEIGHT - 12}" text-anchor="middle">${escapeXml(xLabel)}</text>`,
    `<text transform="translate(20 ${middle}) rotate(-90)" text-anchor="middle">${escapeXml(yLabel)}</text>`,
    `<g transform="translate(${MARGIN.left} ${MARGIN.top})">`,
    ...yTicks.map((tick) => {
      const line = `<line x2="${PLOT.width}" y1="${y(tick)}" y2="${y(tick)}" stroke="#ddd"/>`;
      return `${line}<text x="-8" y="${y(tick)}" dy="0.35em" text-anchor="end">${tickText(tick)}</text>`;
    }),
    ...xTicks.map((tick) => {
      const line = `<line x1="${x(tick)}" x2="${x(tick)}" y1="${PLOT.height}" y2="${PLOT.height + 5}" stroke="#888"/>`;
      return `${line}<text x="${x(tick)}" y="${PLOT.height + 20}" text-anchor="middle">${tickText(tick)}</text>`;
    }),
    `<line x2="${PLOT.width}" y1="${PLOT.height}" y2="${PLOT.height}" stroke="#888"/>`,
    ...lines.map(({ label, points }, i) => {
      const color = COLORS[i % COLORS.length];
      const path = points.map(([px, py]) => `${x(px)},${y(py)}`).join(" ");
      // A line of one point is invisible.
      const dots = points.length > 20 ? [] : points.map(([px, py]) => dot(x(px), y(py), color));
      const key = `translate(${PLOT.width + 16} ${10 + 22 * i})`;
      return [
        `<polyline points="${path}" fill="none" stroke="${color}" stroke-width="1.8" stroke-linejoin="round"/>`,
        ...dots,
        `<g transform="${key}"><line x2="20" stroke="${color}" stroke-width="3"/><text x="27" dy="0.35em">${escapeXml(label)}</text></g>`,
      ].join("");
    }),
    "</g>",
  ].join("\n");
}

function dot(x: string, y: string, color: string | undefined): string {
  return `<circle cx="${x}" cy="${y}" r="3" fill="${color}"/>`;
}

/** The finite points, averaged in groups where there are too many. */
function thinned(points: Series["points"]): Series["points"] {
  const finite = points.filter((point) => point.every(Number.isFinite));
  const each = Math.ceil(finite.length / MAX_POINTS);
  if (each <= 1) return finite;
  return Array.from({ length: Math.ceil(finite.length / each) }, (_, i) => {
    const group = finite.slice(i * each, (i + 1) * each);
    return [mean(group.map(([x]) => x)), mean(group.map(([, y]) => y))] as const;
  });
}

/** Round numbers: the first at or below the least value, the last at or above the greatest. */
function ticks(values: readonly number[]): number[] {
  const [low, high] = values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Infinity, -Infinity],
  );
  if (low > high) return [0, 1];
  const rough = (high - low || Math.abs(high) || 1) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) as number);
  const first = Math.floor(low / step);
  const last = Math.max(first + 1, Math.ceil(high / step));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

function scale(low: number, high: number, from: number, to: number): (value: number) => string {
  return (value) => (from + ((value - low) / (high - low)) * (to - from)).toFixed(1);
}

function tickText(value: number): string {
  return Number(value.toPrecision(6)).toLocaleString("en", { maximumFractionDigits: 6 });
}
