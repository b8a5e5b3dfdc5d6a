import type { BlurKernel } from "../kernel/blur-kernel.js";
import { encodeKernel, KERNEL_FORMATS } from "../kernel/formats/kernel-format.js";
import { kernelBrightness, pictureUnit } from "../kernel/kernel-brightness.js";
import { encodeReplay } from "./replay.js";
import { byId, html } from "./shared/dom.js";
import type { OpenImage, RunResult } from "./shared/protocol.js";

const JSON_TYPE = { type: "application/json" };

interface Download {
  readonly label: string;
  /** Appended to the name of the image. */
  readonly ending: string;
  readonly make: () => Promise<Blob> | Blob;
}

/** Offers the files of a finished run; each is made when its button is pressed. */
export function offerDownloads(
  image: OpenImage,
  result: RunResult,
  picture: () => Promise<Blob>,
  onFailure: (message: string) => void,
): void {
  const { kernel, settings } = result;
  const base = image.name.replace(/\.[^.]*$/, "").toLowerCase() || "picture";
  const downloads: readonly Download[] = [
    { label: "Picture .png", ending: `-x${settings.scale}.png`, make: picture },
    ...KERNEL_FORMATS.map((format) => ({
      label: `Kernel .${format}`,
      ending: `-kernel.${format}`,
      make: () => binary(encodeKernel(kernel, format)),
    })),
    { label: "Kernel .png", ending: "-kernel.png", make: () => kernelPicture(kernel) },
    {
      label: "Run .json",
      ending: "-run.json",
      make: () => new Blob([encodeReplay(image, result)], JSON_TYPE),
    },
  ];
  byId("downloads", HTMLDivElement).replaceChildren(
    ...downloads.map(({ label, ending, make }) => {
      const button = html("button", { type: "button" }, label);
      button.addEventListener("click", async () => {
        button.disabled = true;
        try {
          save(await make(), base + ending);
        } catch (error) {
          onFailure(error instanceof Error ? error.message : String(error));
        } finally {
          button.disabled = false;
        }
      });
      return button;
    }),
  );
}

function save(file: Blob, name: string): void {
  const href = URL.createObjectURL(file);
  html("a", { href, download: name }).click();
  // The download needs the address a little longer than the click.
  setTimeout(() => URL.revokeObjectURL(href), 10_000);
}

function binary(bytes: Uint8Array): Blob {
  return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: "application/octet-stream" });
}

/** Every value a square of pixels, from black for 0 and below to white for the maximum. */
async function kernelPicture(kernel: BlurKernel): Promise<Blob> {
  const { size } = kernel;
  const unit = pictureUnit(kernel);
  const canvas = new OffscreenCanvas(size * unit, size * unit);
  const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
  kernelBrightness(kernel).forEach((value, i) => {
    const gray = Math.round(255 * value);
    context.fillStyle = `rgb(${gray} ${gray} ${gray})`;
    context.fillRect((i % size) * unit, Math.floor(i / size) * unit, unit, unit);
  });
  return canvas.convertToBlob({ type: "image/png" });
}
