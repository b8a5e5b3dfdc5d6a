import { escapeXml } from "../../../src/image/escape-xml.js";

/** A bar of a chart. */
export interface Bar {
  readonly label: string;
  /** Undefined if there is no measurement. Then `note` says why. */
  readonly value?: number;
  /** End of the thin line after the bar. */
  readonly upTo?: number;
  readonly note: string;
  /** Whether the bar is highlighted. */
  readonly own?: boolean;
}

/** Bars on a common scale from zero. */
export interface BarGroup {
  readonly title: string;
  readonly bars: readonly Bar[];
}

const WIDTH = 860;
const LABELS = 250;
const NOTES = 190;
const LENGTH = WIDTH - LABELS - NOTES;
const BAR = 24;
const TITLE = 44;
/** Longer notes end with an ellipsis. */
const MAX_CHARACTERS = 80;

/** Groups of horizontal bars, each group with its own scale, as an SVG picture on white. */
export function barChart(groups: readonly BarGroup[]): string {
  let top = 0;
  const bodies = groups.map((group) => {
    const body = `<g transform="translate(0 ${top})">\n${groupBody(group)}\n</g>`;
    top += TITLE + BAR * group.bars.length;
    return body;
  });
  const height = top + 16;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="13" fill="#222">
<rect width="100%" height="100%" fill="#fff"/>
${bodies.join("\n")}
</svg>
`;
}

function groupBody({ title, bars }: BarGroup): string {
  const most = Math.max(0, ...bars.flatMap(({ value = 0, upTo = 0 }) => [value, upTo]));
  const length = (value: number): string => (most > 0 ? (LENGTH * value) / most : 0).toFixed(1);
  return [
    `<text x="12" y="30" font-size="15" font-weight="bold">${escapeXml(title)}</text>`,
    ...bars.map(({ label, value, upTo, note, own }, i) => {
      const middle = BAR / 2;
      const end = Number(length(Math.max(value ?? 0, upTo ?? 0))) + 8;
      return [
        `<g transform="translate(${LABELS} ${TITLE + BAR * i})">`,
        `<text x="-8" y="${middle}" dy="0.35em" text-anchor="end">${escapeXml(label)}</text>`,
        value === undefined
          ? ""
          : `<rect y="4" width="${length(value)}" height="${BAR - 8}" fill="${own ? "#0072b2" : "#bbb"}"/>`,
        value === undefined || upTo === undefined
          ? ""
          : `<line x1="${length(value)}" x2="${length(upTo)}" y1="${middle}" y2="${middle}" stroke="#222"/>`,
        `<text x="${end}" y="${middle}" dy="0.35em">${escapeXml(shortened(note))}</text></g>`,
      ].join("");
    }),
  ].join("\n");
}

function shortened(text: string): string {
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
