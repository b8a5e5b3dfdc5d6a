/** Floats as base64, to leave a page: JSON has no NaN and is five times as long. */
export function encodeFloats(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const pieces: string[] = [];
  const piece = 0x8000;
  for (let i = 0; i < bytes.length; i += piece) {
    pieces.push(String.fromCharCode(...bytes.subarray(i, i + piece)));
  }
  return btoa(pieces.join(""));
}

export function decodeFloats(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer);
}
