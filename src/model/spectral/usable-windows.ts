import type { RgbImage } from "../../image/rgb-image.js";
import { type Corner, isLargeEnough, WINDOW, windowCorners } from "./windows.js";

/** A row or column counts as a bar's if its values differ by no more than this: videos and JPEG leave bars that are nearly even. */
const BAR_RANGE = 4 / 255;

/** Pixels beside a bar that are left out, too: an edge that was resized or compressed reaches so far. */
const BESIDE_BAR = 8;

/** A color that fills at least this part of the image without any change is background: a frame, a page, a clipped sky. */
const BACKGROUND_SHARE = 0.01;

/** A window with more background than this counts only if none has less. */
const MAX_BACKGROUND = 0.05;

/** Only every so-many-th row and column is looked at for background colors. */
const SAMPLED = 3;

/**
 * A background's edges are drawn, not photographed, if the next pixel differs by more than this in the mean. A blurred edge
 * leaves its even side by a few 255ths.
 */
const DRAWN_EDGE = 20 / 255;

/** A test of the pixel at a place in a plane. */
type PixelTest = (pixel: number) => boolean;

/** A part of an image. */
interface Part {
  readonly top: number;
  readonly left: number;
  readonly width: number;
  readonly height: number;
}

/**
 * The windows of an image that show its blur: not those within bars or an even background or across their edges, which a program
 * has drawn, nor those with transparent pixels. If there are no others, all windows with some detail; if those lack as well, all.
 * @param alpha `height · width` values; opaque unless given.
 * @throws {ImageError} if the image is smaller than a window.
 */
export function usableWindows(image: RgbImage, alpha?: Float32Array): Corner[] {
  const inner = withoutBars(image);
  const { top, left, ...size } = isLargeEnough(inner) ? inner : { ...image, top: 0, left: 0 };
  const corners = windowCorners(size).map(([y, x]): Corner => [top + y, left + x]);
  const isBackground = backgroundTest(image, alpha);
  const shares = corners.map((corner) => shareOf(corner, image, isBackground));
  for (const most of [MAX_BACKGROUND, 1 - MAX_BACKGROUND]) {
    const usable = corners.filter((_, i) => shares[i] <= most);
    if (usable.length > 0) return usable;
  }
  return corners;
}

/** The number of an image's windows of which at most a part passes a test of pixels. */
export function countWindows(image: RgbImage, most: number, test: PixelTest): number {
  return windowCorners(image).filter((corner) => shareOf(corner, image, test) <= most).length;
}

/** The part of a window's pixels that pass a test. */
function shareOf([y, x]: Corner, { width }: RgbImage, test: PixelTest): number {
  let count = 0;
  for (let i = 0; i < WINDOW ** 2; i++) {
    if (test((y + Math.floor(i / WINDOW)) * width + x + (i % WINDOW))) count++;
  }
  return count / WINDOW ** 2;
}

/** Tells whether a pixel has exactly the color of the next ones to the right and below. */
export function evenTest({ width, height, data }: RgbImage): PixelTest {
  const plane = width * height;
  return (pixel) => {
    // At the last row and column, the pixels before.
    const right = pixel % width === width - 1 ? -1 : 1;
    const below = pixel >= plane - width ? -width : width;
    for (let channel = 0; channel < 3; channel++) {
      const at = channel * plane + pixel;
      const value = data[at];
      if (data[at + right] !== value || data[at + below] !== value || data[at + below + right] !== value) {
        return false;
      }
    }
    return true;
  };
}

/** An image's part within even bars at its borders, whatever their colors, and a little less; whole if there are none. */
function withoutBars({ width, height, data }: RgbImage): Part {
  const plane = width * height;
  // Top, bottom, left and right.
  const whole = [0, height, 0, width];
  const sides = [...whole];
  /** Whether a line of pixels has one color, that of the line given before. */
  const lineTest = (): ((start: number, step: number, count: number) => boolean) => {
    const colors: number[] = [];
    return (start, step, count) => {
      for (let channel = 0; channel < 3; channel++) {
        colors[channel] ??= data[channel * plane + start];
        const first = colors[channel];
        for (let i = 0; i < count; i++) {
          if (Math.abs(data[channel * plane + start + i * step] - first) > BAR_RANGE) return false;
        }
      }
      return true;
    };
  };
  // Bars may lie within bars.
  for (let before = ""; before !== sides.join(); ) {
    before = sides.join();
    for (let side = 0; side < 4; side++) {
      const test = lineTest();
      const isBar = (): boolean => {
        const [top, bottom, left, right] = sides;
        const place = sides[side] - (side % 2);
        return side < 2
          ? top < bottom && test(place * width + left, 1, right - left)
          : left < right && test(top * width + place, width, bottom - top);
      };
      while (isBar()) sides[side] += side % 2 ? -1 : 1;
    }
  }
  const [top, bottom, left, right] = sides.map((place, side) =>
    place === whole[side] ? place : place + (side % 2 ? -BESIDE_BAR : BESIDE_BAR),
  );
  return { top, left, width: right - left, height: bottom - top };
}

/** Tells whether a pixel is transparent, or has a background's color like the next ones to the right and below. */
function backgroundTest(image: RgbImage, alpha: Float32Array | undefined): PixelTest {
  const { width, height, data } = image;
  const plane = width * height;
  const isEven = evenTest(image);
  /** The difference of an even pixel from the one to its left or above it, whichever is larger. */
  const jumpBeside = (pixel: number): number => {
    let most = 0;
    for (let channel = 0; channel < 3; channel++) {
      const at = channel * plane + pixel;
      if (pixel % width > 0) most = Math.max(most, Math.abs(data[at] - data[at - 1]));
      if (pixel >= width) most = Math.max(most, Math.abs(data[at] - data[at - width]));
    }
    return most;
  };
  const colorOf = (pixel: number): number =>
    [0, 1, 2].reduce((sum, channel) => 65536 * sum + Math.round(65535 * data[channel * plane + pixel]), 0);
  const counts = new Map<number, { even: number; drawn: number }>();
  let samples = 0;
  for (let y = 0; y < height; y += SAMPLED) {
    for (let x = 0; x < width; x += SAMPLED) {
      samples++;
      const pixel = y * width + x;
      if (!isEven(pixel)) continue;
      const color = colorOf(pixel);
      const count = counts.get(color) ?? { even: 0, drawn: 0 };
      counts.set(color, count);
      count.even++;
      const jump = jumpBeside(pixel);
      if (jump > 0) count.drawn += jump - DRAWN_EDGE;
    }
  }
  const backgrounds = new Set<number>();
  for (const [color, { even, drawn }] of counts) {
    if (even >= BACKGROUND_SHARE * samples && drawn > 0) backgrounds.add(color);
  }
  return (pixel) => alpha?.[pixel] === 0 || (isEven(pixel) && backgrounds.has(colorOf(pixel)));
}
