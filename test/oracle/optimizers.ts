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

/** Muon as its authors write it, for one matrix of at most as many rows as columns; one step for each call. */
export class Muon {
  private m: number[] = [];

  constructor(private readonly rows: number) {}

  update(p: readonly number[], g: readonly number[], rate: number): number[] {
    this.m = g.map((gradient, i) => 0.95 * (this.m[i] ?? 0) + 0.05 * gradient);
    const ahead = g.map((gradient, i) => 0.05 * gradient + 0.95 * (this.m[i] as number));
    const columns = p.length / this.rows;
    const length = Math.hypot(...ahead);
    let x = Array.from({ length: this.rows }, (_, row) =>
      ahead.slice(row * columns, (row + 1) * columns).map((value) => value / length),
    );
    for (let iteration = 0; iteration < 5; iteration++) {
      const gram = x.map((one) => x.map((other) => dot(one, other)));
      const polynomial = gram.map((row, i) =>
        row.map(
          (value, j) => (i === j ? 3.4445 : 0) - 4.775 * value + 2.0315 * dot(row, gram[j] as number[]),
        ),
      );
      const before = x;
      x = polynomial.map((row) =>
        (before[0] as number[]).map((_, column) =>
          dot(
            row,
            before.map((each) => each[column] as number),
          ),
        ),
      );
    }
    const u = x.flat();
    return p.map((value, i) => value - rate * 0.2 * Math.sqrt(columns) * (u[i] as number));
  }
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
}
