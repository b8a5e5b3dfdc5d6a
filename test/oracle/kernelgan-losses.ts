import { type NdArray, ndArray } from "./nd-array.js";

/** weight · mean (x − reference)². */
export function meanSquaredLoss(x: NdArray, reference: NdArray, weight: number): NdArray {
  const sum = x.data.reduce((total, value, i) => total + (value - (reference.data[i] as number)) ** 2, 0);
  return ndArray([1], [(weight * sum) / x.data.length]);
}

/** KernelGAN's four constraints on a kernel, with their weights: sum, boundaries, sparsity, center. */
export function kernelConstraints(
  k: NdArray,
  penalty: NdArray,
  weights: readonly [number, number, number, number],
  { center, power }: { center: number; power: number },
): NdArray {
  const size = Math.sqrt(k.data.length);
  const total = (term: (value: number, i: number) => number): number =>
    k.data.reduce((sum, value, i) => sum + term(value, i), 0);
  const mass = total((value) => value);
  const x = total((value, i) => (value * (i % size)) / mass);
  const y = total((value, i) => (value * Math.floor(i / size)) / mass);
  const terms = [
    Math.abs(1 - mass),
    total((value, i) => Math.abs(value * (penalty.data[i] as number))) / k.data.length,
    total((value) => Math.abs(value) ** power) / k.data.length,
    ((x - center) ** 2 + (y - center) ** 2) / 2,
  ];
  return ndArray([1], [terms.reduce((sum, term, i) => sum + term * (weights[i] as number), 0)]);
}
