import type { Offset } from "../../image/resize/bicubic.js";
import { byId } from "../shared/dom.js";

/** The small picture and the large one of the same photo. */
export interface ComparedPictures {
  readonly before: ImageBitmap;
  readonly after: ImageBitmap;
  readonly scale: number;
  /** Position of the small picture's first pixel on the large grid. */
  readonly offset: Offset;
}

/** Largest number of screen pixels for one pixel of the large picture. */
const CLOSEST = 8;

/** The viewer is no higher than this part of the window. */
const TALLEST = 0.75;

/** Distance in pixels within which a pointer grabs the divider when the picture can be moved, too. */
const GRIP = 28;

/** Part of the view by which an arrow key moves the picture. */
const KEY_STEP = 0.1;

/** Both pictures in one place with a divider between them, and a zoom: they are drawn together, so they stay aligned. */
export class Comparison {
  private readonly canvas = byId("pictures", HTMLCanvasElement);
  private readonly viewer = byId("viewer", HTMLDivElement);
  private readonly divider = byId("divider", HTMLInputElement);
  private readonly zoom = byId("zoom", HTMLInputElement);
  private readonly zoomText = byId("zoom-text", HTMLOutputElement);
  private pictures?: ComparedPictures;
  /** The point of the large picture in the middle of the view, as parts of its sides. */
  private center = { x: 0.5, y: 0.5 };
  private isDue = false;

  constructor() {
    this.divider.addEventListener("input", () => this.draw());
    this.zoom.addEventListener("input", () => this.draw());
    byId("fit", HTMLButtonElement).addEventListener("click", () => {
      this.zoom.value = "0";
      this.center = { x: 0.5, y: 0.5 };
      this.draw();
    });
    this.canvas.addEventListener("pointerdown", (event) => this.drag(event));
    this.canvas.addEventListener("keydown", (event) => this.press(event));
    this.canvas.addEventListener(
      "wheel",
      (event) => {
        // Without the key, the wheel scrolls the page; a pinch on a touchpad comes with the key.
        if (!event.ctrlKey) return;
        event.preventDefault();
        this.zoomBy(-event.deltaY / 4);
      },
      { passive: false },
    );
    new ResizeObserver(() => this.draw()).observe(this.viewer);
  }

  show(pictures: ComparedPictures): void {
    this.clear();
    this.pictures = pictures;
    this.zoom.value = "0";
    this.divider.value = "50";
    this.center = { x: 0.5, y: 0.5 };
    this.draw();
  }

  /** Frees the large picture; the small one belongs to the page. */
  clear(): void {
    this.pictures?.after.close();
    this.pictures = undefined;
  }

  /** Draws at most once a frame. */
  private draw(): void {
    if (this.isDue) return;
    this.isDue = true;
    requestAnimationFrame(() => {
      this.isDue = false;
      this.paint();
    });
  }

  private paint(): void {
    const { pictures, canvas } = this;
    const context = canvas.getContext("2d");
    const width = this.viewer.clientWidth;
    if (!pictures || !context || width === 0) return;
    const { before, after, scale, offset } = pictures;
    const height = Math.round(Math.min((width * after.height) / after.width, TALLEST * innerHeight));
    const density = devicePixelRatio;
    canvas.style.height = `${height}px`;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);

    const magnification = this.magnification(width, height);
    const zoomed = Number(this.zoom.value) > 0;
    this.viewer.classList.toggle("zoomed", zoomed);
    this.zoomText.value = `${Math.round(100 * magnification * density)} %`;
    this.keepInside(width / magnification / after.width, height / magnification / after.height);

    const factor = magnification * density;
    context.setTransform(
      factor,
      0,
      0,
      factor,
      canvas.width / 2 - this.center.x * after.width * factor,
      canvas.height / 2 - this.center.y * after.height * factor,
    );
    context.imageSmoothingQuality = "high";
    context.drawImage(after, 0, 0);
    const split = (Number(this.divider.value) / 100) * canvas.width;
    context.save();
    context.resetTransform();
    context.beginPath();
    context.rect(0, 0, split, canvas.height);
    context.clip();
    context.clearRect(0, 0, split, canvas.height);
    context.setTransform(
      factor,
      0,
      0,
      factor,
      canvas.width / 2 - this.center.x * after.width * factor,
      canvas.height / 2 - this.center.y * after.height * factor,
    );
    const shift = offset.map((place) => place + 0.5 - scale / 2);
    const size = [before.width * scale, before.height * scale] as const;
    // Drawn once without the shift, to fill the border that the shift leaves free.
    context.drawImage(before, 0, 0, ...size);
    context.drawImage(before, shift[1] as number, shift[0] as number, ...size);
    context.restore();
    context.resetTransform();
    paintDivider(context, split, canvas.height, density);
  }

  /** Pixels of the page for one of the large picture. */
  private magnification(width: number, height: number): number {
    const { after } = this.pictures as ComparedPictures;
    const fit = Math.min(width / after.width, height / after.height);
    const closest = Math.max(CLOSEST / devicePixelRatio, fit);
    return fit * (closest / fit) ** (Number(this.zoom.value) / 100);
  }

  /** Keeps the view, given in parts of the picture's sides, within the picture. */
  private keepInside(width: number, height: number): void {
    const inside = (place: number, part: number): number =>
      part >= 1 ? 0.5 : Math.min(Math.max(place, part / 2), 1 - part / 2);
    this.center = { x: inside(this.center.x, width), y: inside(this.center.y, height) };
  }

  private zoomBy(change: number): void {
    this.zoom.value = String(Number(this.zoom.value) + change);
    this.draw();
  }

  /** Moves the divider; or the picture, if it is zoomed in and the divider is far from the pointer. */
  private drag(start: PointerEvent): void {
    const { pictures, canvas } = this;
    if (!pictures || !start.isPrimary) return;
    const box = canvas.getBoundingClientRect();
    const split = (Number(this.divider.value) / 100) * box.width;
    const moves =
      this.viewer.classList.contains("zoomed") && Math.abs(start.clientX - box.left - split) > GRIP;
    const { center } = this;
    const magnification = this.magnification(box.width, box.height);
    const follow = (event: PointerEvent): void => {
      if (moves) {
        this.center = {
          x: center.x - (event.clientX - start.clientX) / magnification / pictures.after.width,
          y: center.y - (event.clientY - start.clientY) / magnification / pictures.after.height,
        };
      } else {
        this.divider.value = String((100 * (event.clientX - box.left)) / box.width);
      }
      this.draw();
    };
    const stop = (): void => {
      canvas.removeEventListener("pointermove", follow);
      for (const end of ["pointerup", "pointercancel"]) canvas.removeEventListener(end, stop);
    };
    canvas.setPointerCapture(start.pointerId);
    canvas.addEventListener("pointermove", follow);
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, stop);
    follow(start);
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "+" || event.key === "-") {
      this.zoomBy(event.key === "+" ? 10 : -10);
      return;
    }
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = moves[event.key];
    const { pictures } = this;
    if (!move || !pictures || !this.viewer.classList.contains("zoomed")) return;
    event.preventDefault();
    const { clientWidth, clientHeight } = this.canvas;
    const magnification = this.magnification(clientWidth, clientHeight);
    this.center = {
      x: this.center.x + (move[0] * KEY_STEP * clientWidth) / magnification / pictures.after.width,
      y: this.center.y + (move[1] * KEY_STEP * clientHeight) / magnification / pictures.after.height,
    };
    this.draw();
  }
}

/** A white line with dark borders and a handle. */
function paintDivider(context: CanvasRenderingContext2D, x: number, height: number, density: number): void {
  context.fillStyle = "rgb(0 0 0 / 60%)";
  context.fillRect(x - 2 * density, 0, 4 * density, height);
  context.fillStyle = "#ffffff";
  context.fillRect(x - density, 0, 2 * density, height);
  context.beginPath();
  context.arc(x, height / 2, 13 * density, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = "rgb(0 0 0 / 60%)";
  context.lineWidth = density;
  context.stroke();
  context.fillStyle = "#20242b";
  for (const side of [-1, 1]) {
    context.beginPath();
    context.moveTo(x + side * 9 * density, height / 2);
    context.lineTo(x + side * 3.5 * density, height / 2 - 5 * density);
    context.lineTo(x + side * 3.5 * density, height / 2 + 5 * density);
    context.fill();
  }
}
