const PARITY = 0x1bd11bda;
const ROTATIONS = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
];

/**
 * Threefry-2x32 with 20 rounds (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): two
 * random 32-bit words for a key and a counter, without state. All words are unsigned.
 */
export function threefry2x32(
  key: readonly [number, number],
  counter: readonly [number, number],
): [number, number] {
  const schedule = [key[0], key[1], PARITY ^ key[0] ^ key[1]];
  let x = (counter[0] + schedule[0]) | 0;
  let y = (counter[1] + schedule[1]) | 0;
  for (let group = 0; group < 5; group++) {
    for (const rotation of ROTATIONS[group & 1]) {
      x = (x + y) | 0;
      y = ((y << rotation) | (y >>> (32 - rotation))) ^ x;
    }
    x = (x + schedule[(group + 1) % 3]) | 0;
    y = (y + schedule[(group + 2) % 3] + group + 1) | 0;
  }
  return [x >>> 0, y >>> 0];
}

/**
 * A stream of random numbers, the same on every machine.
 *
 * Counter layout, shared with the shaders that draw noise: key = (seed, stream), counter = (index, block).
 * The index runs 0, 1, 2, … along the stream; the block stays (a training or adaptation step, for instance).
 * One counter gives either two words or two normal values, so pair number i depends on i alone:
 * - words: the two outputs, in order;
 * - normals: `u1 = ((first >>> 8) + 1) / 2²⁴` in (0, 1], `u2 = (second >>> 8) / 2²⁴`, then
 *   `sqrt(-2 ln u1) · cos(2π u2)` and `sqrt(-2 ln u1) · sin(2π u2)`. With 24 bits, float32 holds u1 and u2
 *   exactly.
 *
 * The second value of a pair waits for the next call of its own kind; the other kind takes a fresh counter.
 */
export class RandomStream {
  private readonly key: readonly [number, number];
  private readonly block: number;
  private index = 0;
  private spareWord: number | undefined;
  private spareNormal: number | undefined;

  /** Seed, stream and block are taken as unsigned 32-bit integers. Streams of one seed are independent. */
  constructor(seed: number, stream: number, block = 0) {
    this.key = [seed >>> 0, stream >>> 0];
    this.block = block >>> 0;
  }

  /** The next 32 random bits. */
  uint32(): number {
    const kept = this.spareWord;
    if (kept !== undefined) {
      this.spareWord = undefined;
      return kept;
    }
    const [first, second] = this.nextPair();
    this.spareWord = second;
    return first;
  }

  /** A number in [0, 1), a multiple of 2⁻³². */
  uniform(): number {
    return this.uint32() / 2 ** 32;
  }

  /** A number in [low, high). */
  uniformIn(low: number, high: number): number {
    return low + (high - low) * this.uniform();
  }

  /** A number of the standard normal distribution (Box–Muller). */
  normal(): number {
    const kept = this.spareNormal;
    if (kept !== undefined) {
      this.spareNormal = undefined;
      return kept;
    }
    const [first, second] = this.nextPair();
    const radius = Math.sqrt(-2 * Math.log(((first >>> 8) + 1) / 2 ** 24));
    const angle = 2 * Math.PI * ((second >>> 8) / 2 ** 24);
    this.spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /**
   * A random index; the probability of each is proportional to its weight, so that weight 0 is never drawn.
   * @param cumulative running sums of the weights: not decreasing, the last one positive.
   */
  choice(cumulative: ArrayLike<number>): number {
    const target = this.uniform() * cumulative[cumulative.length - 1];
    let low = 0;
    let high = cumulative.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle] > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  private nextPair(): [number, number] {
    const pair = threefry2x32(this.key, [this.index, this.block]);
    this.index = (this.index + 1) >>> 0;
    return pair;
  }
}
