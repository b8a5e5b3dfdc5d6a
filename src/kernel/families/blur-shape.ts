/** How a photo is blurred; lengths in pixels of the large image, angles in radians from the column direction toward increasing rows. */
export type BlurShape =
  /** An anisotropic Gaussian. */
  | { readonly kind: "gauss"; readonly sigmas: readonly [number, number]; readonly angle: number }
  /** A lens out of focus, its aperture open. */
  | { readonly kind: "disk"; readonly radius: number }
  /** The same, its aperture closed to a regular polygon; `radius` is that of its corners. */
  | { readonly kind: "polygon"; readonly radius: number; readonly corners: number; readonly angle: number }
  /**
   * A camera that moved evenly along an arc.
   * @param bend by how much its direction turns on the way, in radians; 0 for a line.
   */
  | { readonly kind: "motion"; readonly length: number; readonly angle: number; readonly bend: number };

/** A blur, and what the lens does besides: the standard deviation of a Gaussian, in pixels of the large image. */
export interface LensBlur {
  readonly shape: BlurShape;
  readonly lens: number;
}
