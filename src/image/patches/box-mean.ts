/**
 * Replaces every value of a map by the mean over the `side`×`side` box around it, zeros outside the map, in time that
 * does not depend on the box. An even box has one row and column more before its center than after it
 * (the centring of SciPy's `convolve2d(…, mode="same")`).
 * @param map `height · width` numbers, row by row; changed in place.
 */
export function boxMean(map: Float64Array, height: number, width: number, side: number): void {
  const across = new Line(width, side);
  for (let y = 0; y < height; y++) across.replace(map, y * width, 1);
  const down = new Line(height, side);
  for (let x = 0; x < width; x++) down.replace(map, x, width);
}

/**
 * Means of windows of one line. The line is cut into blocks as long as the window, so that a window is the end of one
 * block and the start of the next: with sums from both ends of each block, two numbers make a window. Unlike a
 * running sum this never subtracts, so zeros stay exactly zero and nothing becomes negative by rounding.
 */
class Line {
  private readonly length: number;
  private readonly side: number;
  private readonly before: number;
  private readonly fromStart: Float64Array;
  private readonly fromEnd: Float64Array;

  constructor(length: number, side: number) {
    this.length = length;
    this.side = side;
    this.before = Math.floor(side / 2);
    const padded = Math.ceil((length + side) / side) * side;
    this.fromStart = new Float64Array(padded);
    this.fromEnd = new Float64Array(padded);
  }

  replace(map: Float64Array, offset: number, stride: number): void {
    const side = this.side;
    const before = this.before;
    const fromStart = this.fromStart;
    const fromEnd = this.fromEnd;
    fromEnd.fill(0);
    for (let i = 0, at = offset; i < this.length; i++, at += stride) fromEnd[before + i] = map[at];
    for (let block = 0; block < fromEnd.length; block += side) {
      const last = block + side - 1;
      let sum = 0;
      // A whole block is the end of itself: no start belongs to it.
      for (let i = block; i < last; i++) {
        sum += fromEnd[i];
        fromStart[i] = sum;
      }
      sum = 0;
      for (let i = last; i >= block; i--) {
        sum += fromEnd[i];
        fromEnd[i] = sum;
      }
    }
    for (let i = 0, at = offset; i < this.length; i++, at += stride) {
      map[at] = (fromEnd[i] + fromStart[i + side - 1]) / side;
    }
  }
}
