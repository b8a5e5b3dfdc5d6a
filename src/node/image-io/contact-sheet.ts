import sharp, { type OverlayOptions } from "sharp";
import { cropImage } from "../../image/crop-image.js";
import { escapeXml } from "../../image/escape-xml.js";
import type { RgbImage } from "../../image/rgb-image.js";
import type { BlurKernel } from "../../kernel/blur-kernel.js";
import { heatMap } from "../../kernel/heat-map.js";
import { encodeImage } from "./write-image.js";

/** A picture on the sheet. */
export interface SheetEntry {
  readonly label: string;
  /** Both of one size. */
  readonly before: RgbImage;
  readonly after: RgbImage;
  readonly kernel: BlurKernel;
  /** Short lines below the kernel. */
  readonly notes: readonly string[];
}

/** More entries would make a picture that few programs open. */
export const MAX_ENTRIES = 100;

/** Longest side of the shown middle of a picture, at full size. */
const MAX_SIDE = 400;

/** Approximate side of an enlarged kernel. */
const KERNEL = 180;

const GAP = 12;
const TITLE = 44;
const LABEL = 26;
const NOTE = 18;
const TEXT = 'font-family="DejaVu Sans, Verdana, Helvetica, Arial, sans-serif" fill="#e8e8e8"';

/** The shown parts of an entry, as PNG files. */
interface Block {
  readonly label: string;
  readonly width: number;
  readonly height: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  readonly map: Uint8Array;
  /** Side of the map. */
  readonly side: number;
  readonly notes: readonly string[];
}

/**
 * One picture of many upscaled ones: of each its middle before and after, the enlarged kernel, and its name. Only the shown
 * parts are kept in memory.
 */
export class ContactSheet {
  private readonly blocks: Block[] = [];

  constructor(private readonly title: string) {}

  /** Adds a picture at the end. */
  async add({ label, before, after, kernel, notes }: SheetEntry): Promise<void> {
    const { width, height } = middle(after);
    this.blocks.push({
      label,
      width,
      height,
      before: await encodeImage({ rgb: middle(before) }, "png"),
      after: await encodeImage({ rgb: middle(after) }, "png"),
      ...(await enlargedMap(kernel)),
      notes,
    });
  }

  /** The whole as a PNG file, about as high as wide. */
  async encode(): Promise<Uint8Array> {
    const { blocks } = this;
    const cell = Math.max(...blocks.map(({ width, height }) => Math.max(width, height)));
    const notes = Math.max(...blocks.map((block) => block.side + (block.notes.length + 1) * NOTE));
    const wide = 2 * cell + KERNEL + 3 * GAP;
    const high = LABEL + Math.max(cell, notes) + GAP;
    const columns = Math.max(1, Math.round(Math.sqrt((blocks.length * high) / wide)));
    const pictures: OverlayOptions[] = [];
    const texts = [textLine(this.title, GAP, 28, 18)];
    for (const [i, block] of blocks.entries()) {
      const left = GAP + (i % columns) * wide;
      const top = TITLE + Math.floor(i / columns) * high;
      const aside = left + 2 * (cell + GAP);
      const place = (file: Uint8Array, x: number) => ({
        input: Buffer.from(file),
        left: x,
        top: top + LABEL,
      });
      pictures.push(
        place(block.before, left),
        place(block.after, left + cell + GAP),
        place(block.map, aside),
      );
      texts.push(textLine(shortened(block.label, wide / 9), left, top + LABEL - 8, 15));
      block.notes.forEach((note, line) => {
        texts.push(textLine(note, aside, top + LABEL + block.side + (line + 1) * NOTE, 12));
      });
    }
    const width = columns * wide + GAP;
    const height = TITLE + Math.ceil(blocks.length / columns) * high;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${texts.join("")}</svg>`;
    return sharp({ create: { width, height, channels: 3, background: "#202020" }, limitInputPixels: false })
      .composite([...pictures, { input: Buffer.from(svg), left: 0, top: 0 }])
      .removeAlpha()
      .png()
      .toBuffer();
  }
}

function middle(image: RgbImage): RgbImage {
  const width = Math.min(MAX_SIDE, image.width);
  const height = Math.min(MAX_SIDE, image.height);
  const left = Math.floor((image.width - width) / 2);
  const top = Math.floor((image.height - height) / 2);
  return cropImage(image, { left, top, width, height });
}

async function enlargedMap(kernel: BlurKernel): Promise<{ map: Uint8Array; side: number }> {
  const side = kernel.size > KERNEL ? KERNEL : kernel.size * Math.floor(KERNEL / kernel.size);
  const small = await encodeImage({ rgb: heatMap(kernel) }, "png");
  return { map: await sharp(small).resize(side, side, { kernel: "nearest" }).png().toBuffer(), side };
}

function textLine(text: string, x: number, y: number, size: number): string {
  return `<text x="${x}" y="${y}" font-size="${size}" ${TEXT}>${escapeXml(text)}</text>`;
}

function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.floor(most) - 1)}…` : text;
}
