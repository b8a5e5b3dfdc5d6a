/** So much of a file holds all that {@link fileNotes} looks for. */
export const HEAD_BYTES = 2 ** 24;

/** PNG has its bits at byte 24; AVIF's configuration has a flag for more than 8. */
const DEEP = /^(.PNG.{20}\cP|.{4}ftypavi.*av1C..[@-\x7f\xc0-\xff])/s;

/** A chunk of APNG or WebP, and what stands before a GIF's first frame and before each. */
const ANIMATED = /^(.PNG.*acTL|RIFF.*ANIM|GIF.*(NETSCAPE|!\xf9\cD.*!\xf9\cD))/s;

/**
 * What a browser leaves out of a picture's file, in sentences.
 * @param head the file's first {@link HEAD_BYTES}, each byte a character.
 */
export function fileNotes(head: string, name: string): string[] {
  const notes: string[] = [];
  if (DEEP.test(head)) {
    notes.push(
      `${name} has more than 8 bits a sample, and the browser gives 8 of them; the command line keeps all of a PNG.`,
    );
  }
  if (ANIMATED.test(head)) notes.push(`${name} is an animation, of which this page takes the first picture.`);
  return notes;
}
