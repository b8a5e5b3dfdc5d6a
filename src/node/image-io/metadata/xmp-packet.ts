/** What speaks of other data in the same file, which is not kept: a video, a gain map, a depth map. */
const OTHER_DATA = /\b(?:GCamera:(?:MotionPhoto|MicroVideo)|Container:Directory|hdrgm:|GDepth:|GImage:)/;

/** Properties that hold a size, and whether it is that of the width. */
const SIZES: readonly (readonly [name: string, isWidth: boolean])[] = [
  ["tiff:ImageWidth", true],
  ["tiff:ImageLength", false],
  ["exif:PixelXDimension", true],
  ["exif:PixelYDimension", false],
];

/**
 * An XMP packet for a picture that has been turned upright and has these sides: its orientation and sizes agree, and it has no
 * thumbnails.
 * @returns undefined if the packet is about other data of its file, such as the video of a motion photo.
 */
export function xmpFor(xmp: Uint8Array, width: number, height: number): Uint8Array | undefined {
  let text = new TextDecoder().decode(xmp);
  if (OTHER_DATA.test(text)) return undefined;
  text = replaced(text, "tiff:Orientation", 1);
  for (const [name, isWidth] of SIZES) text = replaced(text, name, isWidth ? width : height);
  text = text.replace(/<xmp:Thumbnails>[\s\S]*?<\/xmp:Thumbnails>/g, "");
  return new TextEncoder().encode(text);
}

/** Replaces a property's number, whether it is an attribute or an element. */
function replaced(text: string, name: string, value: number): string {
  return text
    .replace(new RegExp(`(${name}\\s*=\\s*["'])\\d+(["'])`, "g"), `$1${value}$2`)
    .replace(new RegExp(`(<${name}>\\s*)\\d+(\\s*</${name}>)`, "g"), `$1${value}$2`);
}
