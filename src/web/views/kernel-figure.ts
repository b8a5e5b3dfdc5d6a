import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { heatMap } from "../../kernel/heat-map.js";
import { type KernelSpread, kernelSpread } from "../../kernel/metrics/kernel-spread.js";
import { byId, html, setAttributes, svg } from "../shared/dom.js";
import { blurWords } from "../shared/words.js";

/** Side of the heat map, and room for the axes, in units of the drawing. */
const SIDE = 264;
const LEFT = 30;
const BOTTOM = 36;
const MARGIN = 4;

/** Radius of the ellipses in standard deviations. */
const DEVIATIONS = 2;

/** The kernel as a heat map with its ellipse, and with that of the true kernel where it is known. */
export class KernelFigure {
  private readonly figure = byId("kernel", HTMLElement);
  private readonly caption = html("figcaption");
  private readonly picture = svg("svg", {
    viewBox: `0 0 ${LEFT + SIDE + MARGIN} ${MARGIN + SIDE + BOTTOM}`,
    role: "img",
  });
  private readonly map = svg("svg", {
    x: LEFT,
    y: MARGIN,
    width: SIDE,
    height: SIDE,
    viewBox: "0 0 1 1",
    // Without it, faint seams show between the cells.
    "shape-rendering": "crispEdges",
  });
  private readonly axes = svg("g");
  private readonly ellipse = svg("ellipse", { class: "ellipse" });
  private readonly truth = svg("ellipse", { class: "ellipse truth" });
  private cells: SVGRectElement[] = [];
  private size = 0;
  private trueKernel?: BlurKernel;

  constructor() {
    const ellipses = svg("svg", { x: LEFT, y: MARGIN, width: SIDE, height: SIDE });
    ellipses.append(this.truth, this.ellipse);
    this.picture.append(this.map, this.axes, ellipses);
    this.figure.append(this.picture, this.caption);
    this.clear();
  }

  /** An empty map. */
  clear(): void {
    this.resize(11);
    for (const cell of this.cells) cell.setAttribute("fill", "#000004");
    for (const ellipse of [this.ellipse, this.truth]) ellipse.setAttribute("visibility", "hidden");
    this.picture.setAttribute("aria-label", "Heat map of the kernel, still empty");
    this.caption.textContent = "The blur kernel shows here as soon as it forms.";
  }

  /** Sets the true kernel, with which the estimate is compared. */
  setTruth(kernel: BlurKernel | undefined): void {
    this.trueKernel = kernel;
  }

  /** @param words the blur in plain words, if they are known. */
  show(kernel: BlurKernel, words?: string): void {
    this.resize(kernel.size);
    const { data } = heatMap(kernel);
    const plane = kernel.size ** 2;
    this.cells.forEach((cell, i) => {
      const channel = (which: number): number => Math.round(255 * (data[which * plane + i] as number));
      cell.setAttribute("fill", `rgb(${channel(0)} ${channel(1)} ${channel(2)})`);
    });
    const spread = kernelSpread(kernel);
    this.place(this.ellipse, spread);
    const { trueKernel } = this;
    const isKnown = trueKernel?.size === kernel.size;
    this.place(this.truth, isKnown ? kernelSpread(trueKernel) : undefined);
    this.picture.setAttribute("aria-label", `Heat map of the kernel: ${blurWords(kernel)}`);
    const lines = [
      `${kernel.size}×${kernel.size} pixels of the ×${kernel.scale} picture, for cross-${kernel.orientation}.`,
      `Blur: ${blurWords(kernel)}.`,
      ...(words ? [`Probably ${words}.`] : []),
      ...(isKnown ? [`True blur (dashed): ${blurWords(trueKernel)}.`] : []),
      `Ellipse: ${DEVIATIONS} standard deviations (σ).`,
    ];
    this.caption.replaceChildren(...lines.flatMap((line) => [line, html("br")]));
  }

  private resize(size: number): void {
    if (this.size === size) return;
    this.size = size;
    this.map.setAttribute("viewBox", `0 0 ${size} ${size}`);
    this.cells = Array.from({ length: size ** 2 }, (_, i) =>
      svg("rect", { x: i % size, y: Math.floor(i / size), width: 1, height: 1 }),
    );
    this.map.replaceChildren(...this.cells);
    this.drawAxes();
  }

  /** Draws axes in pixels from the middle value. */
  private drawAxes(): void {
    const half = Math.floor(this.size / 2);
    const every = half > 5 ? 5 : 2.5;
    const ticks = [-2, -1, 0, 1, 2].map((i) => i * every).filter(Number.isInteger);
    const unit = SIDE / this.size;
    const texts = ticks.flatMap((tick) => {
      const at = (tick + half + 0.5) * unit;
      const label = String(tick).replace("-", "−");
      return [
        svg("text", { x: LEFT + at, y: MARGIN + SIDE + 16, "text-anchor": "middle" }, label),
        svg("text", { x: LEFT - 6, y: MARGIN + at + 4, "text-anchor": "end" }, label),
      ];
    });
    const title = { x: LEFT + SIDE / 2, y: MARGIN + SIDE + 32, "text-anchor": "middle" };
    this.axes.replaceChildren(...texts, svg("text", title, "pixels"));
  }

  private place(ellipse: SVGEllipseElement, spread: KernelSpread | undefined): void {
    ellipse.setAttribute("visibility", spread ? "visible" : "hidden");
    if (!spread) return;
    const unit = SIDE / this.size;
    const x = (spread.column + 0.5) * unit;
    const y = (spread.row + 0.5) * unit;
    setAttributes(ellipse, {
      cx: x,
      cy: y,
      rx: DEVIATIONS * spread.wide * unit,
      ry: DEVIATIONS * spread.narrow * unit,
      transform: `rotate(${-spread.degrees} ${x} ${y})`,
    });
  }
}
