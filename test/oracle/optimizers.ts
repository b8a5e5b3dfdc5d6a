/** Plain gradient descent: one step. */
export function sgd(p: readonly number[], g: readonly number[], rate: number): number[] {
  return p.map((value, i) => value - rate * (g[i] as number));
}

/** Adam as the paper writes it; one step for each call. */
export class Adam {
  private step = 0;
  private m: number[] = [];
  private v: number[] = [];

  constructor(
    private readonly rate: number,
    private readonly beta1 = 0.9,
    private readonly beta2 = 0.999,
    private readonly epsilon = 1e-8,
  ) {}

  update(p: readonly number[], g: readonly number[]): number[] {
    this.step++;
    this.m = g.map((gradient, i) => this.beta1 * (this.m[i] ?? 0) + (1 - this.beta1) * gradient);
    this.v = g.map((gradient, i) => this.beta2 * (this.v[i] ?? 0) + (1 - this.beta2) * gradient * gradient);
    return p.map((value, i) => {
      const m = (this.m[i] as number) / (1 - this.beta1 ** this.step);
      const v = (this.v[i] as number) / (1 - this.beta2 ** this.step);
      return value - (this.rate * m) / (Math.sqrt(v) + this.epsilon);
    });
  }
}
