// BatchNorm by (mean, 1 / √(variance + ε), scale, beta), then ReLU, if NORMALIZED.
fn normalize(value: vec4f, norm: vec4f) -> vec4f {
  if (NORMALIZED) {
    return max(vec4f(), fma(value - norm.x, vec4f(norm.z), vec4f(norm.w)));
  }
  return value;
}
