import { axpy } from "../../src/engine/ops/linear-algebra/axpy.js";
import { matmul } from "../../src/engine/ops/linear-algebra/matmul.js";
import { transpose } from "../../src/engine/ops/linear-algebra/transpose.js";
import { StepCounter } from "../../src/engine/recording/step-counter.js";
import { type Operation, sum, unravel, value } from "./operation.js";

export const LINEAR_ALGEBRA: readonly Operation[] = [
  {
    name: "matmul",
    covers: "matmul",
    sizes: ["rows", "inner", "columns"],
    multiples: [4, 4, 4],
    numbers: { n: ["matrices", 1] },
    example: "1024x1024x1024",
    multiplyAdds: ({ sizes: [M = 0, K = 0, P = 0], numbers: { n = 1 } }) => n * M * K * P,
    record({ tape, input }, { sizes: [M = 0, K = 0, P = 0], numbers: { n = 1 } }) {
      return matmul(tape, input([n, M, K]), input([n, K, P]));
    },
    reference({ sizes: [M = 0, K = 0, P = 0] }, [a, b], at) {
      const [n = 0, m = 0, p = 0] = unravel(at, [M, P]);
      return sum(K, (k) => value(a, (n * M + m) * K + k) * value(b, (n * K + k) * P + p));
    },
    gradient: "each",
  },
  {
    name: "transpose",
    covers: "transpose",
    sizes: ["rows", "columns"],
    numbers: { n: ["matrices", 1] },
    example: "1024x1024",
    multiplyAdds: () => 0,
    record({ tape, input }, { sizes: [R = 0, C = 0], numbers: { n = 1 } }) {
      return transpose(tape, input([n, R, C]));
    },
    reference({ sizes: [R = 0, C = 0] }, [x], at) {
      const [n = 0, c = 0, r = 0] = unravel(at, [C, R]);
      return value(x, (n * R + r) * C + c);
    },
  },
  {
    name: "axpy",
    covers: "axpy",
    sizes: ["elements"],
    multiples: [4],
    example: "1048576",
    multiplyAdds: () => 0,
    record({ tape, input, own }, { sizes: [count = 0] }) {
      const counter = own(new StepCounter(tape.engine));
      const y = tape.tensor([count], "y");
      axpy(tape, input([count]), tape.constant(Float32Array.of(0.5)), counter, y);
      return y;
    },
    reference: (_, [x], at) => 0.5 * value(x, at),
  },
];
