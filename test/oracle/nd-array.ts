/** A dense row-major array of float64 on the CPU: what the oracles take and give. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** An array of a shape, zero unless values are given. */
export function ndArray(shape: readonly number[], values?: ArrayLike<number>): NdArray {
  const size = shape.reduce((product, length) => product * length, 1);
  return { shape, data: values ? Float64Array.from(values) : new Float64Array(size) };
}

/**
 * An element by its place. Loops over many of them reckon the index themselves: difference quotients need
 * speed.
 */
export function at({ shape, data }: NdArray, ...place: number[]): number {
  let index = 0;
  for (let axis = 0; axis < place.length; axis++) {
    index = index * (shape[axis] as number) + (place[axis] as number);
  }
  return data[index] as number;
}

/** An array made place by place. */
export function generate(shape: readonly number[], value: (...place: number[]) => number): NdArray {
  const array = ndArray(shape);
  const place = shape.map(() => 0);
  for (let i = 0; i < array.data.length; i++) {
    array.data[i] = value(...place);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      place[axis] = (place[axis] as number) + 1;
      if ((place[axis] as number) < (shape[axis] as number)) break;
      place[axis] = 0;
    }
  }
  return array;
}
