/**
 * The value at `rank` (from 0) of the numbers in ascending order, and the one after it. It takes a few passes over the
 * numbers and makes no copy of them, so that it is fast for images of many megapixels.
 * @param numbers none of them negative or NaN, at least one.
 */
export function orderStatistics(numbers: Float64Array, rank: number): [number, number] {
  const value = valueAtRank(numbers, rank);
  let notLarger = 0;
  let nextLarger = Infinity;
  for (const number of numbers) {
    if (number <= value) notLarger++;
    else if (number < nextLarger) nextLarger = number;
  }
  const tieFollows = notLarger > rank + 1 || nextLarger === Infinity;
  return [value, tieFollows ? value : nextLarger];
}

/**
 * Radix selection: numbers that are not negative sort like their bits, so four counts of 16 bits each, from the top,
 * fix the number at the rank.
 */
function valueAtRank(numbers: Float64Array, rank: number): number {
  const halves = new Uint32Array(numbers.buffer, numbers.byteOffset, 2 * numbers.length);
  const result = new Uint32Array(2);
  const counts = new Uint32Array(2 ** 16);
  let remaining = rank;
  const choose = (): number => {
    let bin = 0;
    while (remaining >= counts[bin]) remaining -= counts[bin++];
    counts.fill(0);
    return bin;
  };

  // Little-endian, as on every platform with WebGPU: the high word is the odd one.
  for (let i = 1; i < halves.length; i += 2) counts[halves[i] >>> 16]++;
  const top = choose();
  for (let i = 1; i < halves.length; i += 2) {
    if (halves[i] >>> 16 === top) counts[halves[i] & 0xffff]++;
  }
  const high = ((top << 16) | choose()) >>> 0;
  for (let i = 1; i < halves.length; i += 2) {
    if (halves[i] === high) counts[halves[i - 1] >>> 16]++;
  }
  const middle = choose();
  for (let i = 1; i < halves.length; i += 2) {
    if (halves[i] === high && halves[i - 1] >>> 16 === middle) counts[halves[i - 1] & 0xffff]++;
  }
  result[0] = (middle << 16) | choose();
  result[1] = high;
  return new Float64Array(result.buffer)[0];
}
