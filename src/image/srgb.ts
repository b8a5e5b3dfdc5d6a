/** The light of an sRGB value (IEC 61966-2-1), both in [0, 1]; values beyond follow the same curve, mirrored at 0. */
export function toLinear(value: number): number {
  const magnitude = Math.abs(value);
  const light = magnitude <= 0.04045 ? magnitude / 12.92 : ((magnitude + 0.055) / 1.055) ** 2.4;
  return value < 0 ? -light : light;
}

/** The sRGB value of an amount of light: the inverse of {@link toLinear}. */
export function toSrgb(light: number): number {
  const magnitude = Math.abs(light);
  const value = magnitude <= 0.0031308 ? 12.92 * magnitude : 1.055 * magnitude ** (1 / 2.4) - 0.055;
  return light < 0 ? -value : value;
}
