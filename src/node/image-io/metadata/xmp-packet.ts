/** Namespaces of properties, whose prefixes each packet declares. */
const TIFF = "http://ns.adobe.com/tiff/1.0/";
const EXIF = "http://ns.adobe.com/exif/1.0/";
const XMP = "http://ns.adobe.com/xap/1.0/";
const NOTE = "http://ns.adobe.com/xmp/note/";
const PANORAMA = "http://ns.google.com/photos/1.0/panorama/";

/** Any property of a namespace. */
const ANY = "\\w+";

/** Properties about other data in the same file, which is not kept: a video, a gain map, a depth map, a sound. */
const OTHER_DATA: readonly (readonly [namespace: string, names: string])[] = [
  ["http://ns.google.com/photos/1.0/camera/", "(?:MotionPhoto|MicroVideo)\\w*"],
  ["http://ns.google.com/photos/1.0/container/", ANY],
  ["http://ns.google.com/photos/1.0/depthmap/", ANY],
  ["http://ns.google.com/photos/1.0/image/", ANY],
  ["http://ns.google.com/photos/1.0/audio/", ANY],
  ["http://ns.google.com/photos/dd/1.0/container/", ANY],
  ["http://ns.google.com/photos/dd/1.0/device/", ANY],
  ["http://ns.adobe.com/hdr-gain-map/1.0/", ANY],
  ["http://ns.apple.com/HDRGainMap/1.0/", ANY],
  ["http://ns.apple.com/pixeldatainfo/1.0/", ANY],
];

/** Lengths in pixels, within a panorama that the picture is a part of. */
const PANORAMA_LENGTHS =
  "(?:FullPano(?:Width|Height)|CroppedAreaImage(?:Width|Height)|CroppedArea(?:Left|Top))Pixels";

/** What has become of the picture that a packet is about. */
export interface XmpChanges {
  /** Pixels of its sides. */
  readonly width: number;
  readonly height: number;
  /** By how much it was enlarged; 1 unless given. */
  readonly scale?: number;
  /** Whether it was turned upright, as EXIF said. If not, the packet keeps its orientation for programs that go by it. */
  readonly isTurned?: boolean;
}

/**
 * An XMP packet for a picture that has these sides: its orientation, sizes and density agree, and it has no thumbnails.
 * @returns undefined if the packet is about other data of its file, such as the video of a motion photo, or is not UTF-8.
 */
export function xmpFor(
  xmp: Uint8Array,
  { width, height, scale = 1, isTurned }: XmpChanges,
): Uint8Array | undefined {
  let text = decoded(xmp);
  if (text === undefined || isAboutOtherData(text)) return undefined;
  const change = (namespace: string, name: string, made: (value: string) => string): void => {
    text = replaced(text as string, namespace, name, made);
  };
  const scaled = (value: string): string => value.replace(/^\d+/, (digits) => String(Number(digits) * scale));
  if (isTurned) change(TIFF, "Orientation", () => "1");
  change(TIFF, "ImageWidth", () => String(width));
  change(TIFF, "ImageLength", () => String(height));
  change(EXIF, "PixelXDimension", () => String(width));
  change(EXIF, "PixelYDimension", () => String(height));
  change(TIFF, "[XY]Resolution", scaled);
  change(PANORAMA, PANORAMA_LENGTHS, scaled);
  return new TextEncoder().encode(without(without(text, XMP, "Thumbnails"), NOTE, "HasExtendedXMP"));
}

/** Why {@link xmpFor} gives none, as the end of a sentence that begins with the file's name; undefined if it gives one. */
export function whyNoXmp(xmp: Uint8Array): string | undefined {
  const text = decoded(xmp);
  if (text === undefined) return "has XMP that is not UTF-8, which is not kept";
  return isAboutOtherData(text)
    ? "has XMP about a video or map in the same file; neither is kept"
    : undefined;
}

function decoded(xmp: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(xmp);
  } catch {
    return undefined;
  }
}

function isAboutOtherData(text: string): boolean {
  return OTHER_DATA.some(([namespace, names]) =>
    prefixesOf(text, namespace).some((prefix) => new RegExp(`[\\s<]${prefix}:${names}`).test(text)),
  );
}

/** Replaces a property's value, whether it is an attribute or an element. */
function replaced(text: string, namespace: string, name: string, made: (value: string) => string): string {
  let changed = text;
  for (const prefix of prefixesOf(text, namespace)) {
    const value = (_all: string, before: string, old: string, after: string): string =>
      before + made(old) + after;
    changed = changed
      .replace(new RegExp(`(\\s${prefix}:${name}\\s*=\\s*["'])([\\d/]+)(["'])`, "g"), value)
      .replace(new RegExp(`(<${prefix}:${name}>\\s*)([\\d/]+)(\\s*</${prefix}:${name}>)`, "g"), value);
  }
  return changed;
}

/** Removes a property with all that is in it. */
function without(text: string, namespace: string, name: string): string {
  let changed = text;
  for (const prefix of prefixesOf(text, namespace)) {
    const tag = `${prefix}:${name}`;
    changed = withoutElements(changed, tag).replace(
      new RegExp(`\\s${tag}\\s*=\\s*(?:"[^"]*"|'[^']*')`, "g"),
      "",
    );
  }
  return changed;
}

/** Not by a regular expression, whose time grows with the square of a hostile packet's length. */
function withoutElements(text: string, tag: string): string {
  const kept: string[] = [];
  let from = 0;
  for (;;) {
    const start = text.indexOf(`<${tag}`, from);
    const head = start < 0 ? -1 : text.indexOf(">", start);
    if (head < 0) break;
    const close = `</${tag}>`;
    const closed = text[head - 1] === "/" ? start : text.indexOf(close, head);
    if (closed < 0) break;
    kept.push(text.slice(from, start));
    from = closed === start ? head + 1 : closed + close.length;
  }
  return kept.join("") + text.slice(from);
}

/** A namespace has one prefix; a hostile packet could declare any number. */
const MAX_PREFIXES = 4;

/** The prefixes that a packet declares for a namespace. */
function prefixesOf(text: string, namespace: string): string[] {
  const declared = text.matchAll(/\sxmlns:([\w-]+)\s*=\s*["']([^"']*)["']/g);
  const prefixes = new Set<string>();
  for (const [, prefix, uri] of declared) {
    if (uri === namespace) prefixes.add(prefix as string);
    if (prefixes.size === MAX_PREFIXES) break;
  }
  return [...prefixes];
}
