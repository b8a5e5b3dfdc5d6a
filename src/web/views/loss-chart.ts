import { byId, svg } from "../shared/dom.js";

/** Size and margins of the drawing, without the legend. */
const WIDTH = 360;
const HEIGHT = 264;
const LEFT = 40;
const TOP = 12;
const RIGHT = 12;
const BOTTOM = 40;

const NAMES = ["generator", "discriminator"] as const;

/** The two losses over the steps. */
export class LossChart {
  private readonly picture = byId("curves", SVGSVGElement);
  private steps = 1;
  private losses: (readonly [number, number])[] = [];

  constructor() {
    this.clear(200);
  }

  /** An empty chart for this many steps. */
  clear(steps: number): void {
    this.steps = Math.max(1, steps);
    this.losses = [];
    this.draw();
  }

  add(losses: readonly (readonly [generator: number, discriminator: number])[]): void {
    this.losses.push(...losses);
    this.draw();
  }

  private draw(): void {
    const highest = niceCeiling(this.losses.flat().reduce((most, loss) => Math.max(most, loss), 0));
    const right = WIDTH - RIGHT;
    const bottom = TOP + HEIGHT - BOTTOM;
    const x = (step: number): number => LEFT + ((right - LEFT) * step) / this.steps;
    const y = (loss: number): number => bottom - ((bottom - TOP) * loss) / highest;
    const shares = [0, 0.25, 0.5, 0.75, 1];
    const grid = shares.flatMap((share) => [
      svg("line", {
        class: "axis",
        x1: LEFT,
        x2: right,
        y1: y(share * highest),
        y2: y(share * highest),
      }),
      svg(
        "text",
        { x: LEFT - 6, y: y(share * highest) + 4, "text-anchor": "end" },
        (share * highest).toFixed(2),
      ),
    ]);
    const ends = [...new Set([0, Math.round(this.steps / 2), this.steps])].map((step) =>
      svg(
        "text",
        { x: x(step), y: bottom + 17, "text-anchor": step === this.steps ? "end" : "middle" },
        String(step),
      ),
    );
    const curves = NAMES.map((name, which) =>
      svg("polyline", {
        class: `curve ${name}`,
        points: this.losses
          .map((pair, i) => `${x(i + 0.5).toFixed(1)},${y(pair[which] as number).toFixed(1)}`)
          .join(" "),
      }),
    );
    const legend = NAMES.map((name, which) =>
      svg("g", {}, ...legendEntry(name, LEFT + 8 + 96 * which, bottom + 36)),
    );
    const steps = svg("text", { x: right, y: bottom + 36, "text-anchor": "end" }, "steps");
    this.picture.replaceChildren(...grid, ...ends, ...curves, ...legend, steps);
    this.picture.setAttribute("aria-label", this.words());
  }

  private words(): string {
    const last = this.losses.at(-1);
    if (!last) return "Chart of the losses, still empty";
    const [generator, discriminator] = last;
    return `Losses at step ${this.losses.length}: generator ${generator.toFixed(3)}, discriminator ${discriminator.toFixed(3)}`;
  }
}

function legendEntry(name: string, x: number, y: number): SVGElement[] {
  return [
    svg("line", { class: `curve ${name}`, x1: x, x2: x + 16, y1: y - 4, y2: y - 4 }),
    svg("text", { class: name, x: x + 21, y }, name),
  ];
}

/** The next larger one of some multiples of a power of ten whose quarters are short numbers. */
function niceCeiling(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10].find((factor) => factor * power >= value) ?? 10) * power;
}
