/**
 * The part of the highest rate that a warm-up has reached: it rises evenly from 0 to 1 over so many steps.
 */
export function warmUp(step: number, over: number): number {
  return Math.min(1, step / over);
}

/**
 * The part of the highest rate that is left in a decay along half a cosine, from 1 to 0.
 * @param part of the decay that is over, 0 to 1; before and after it the result is 1 and 0.
 */
export function cosineDecay(part: number): number {
  return (1 + Math.cos(Math.PI * Math.min(1, Math.max(0, part)))) / 2;
}
