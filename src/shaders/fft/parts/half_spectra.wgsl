// The interface between the spectra of pairs of rows and half spectra, and the weights of a half spectrum's
// columns.

override WORKGROUP: u32 = 64;

struct Rows {
  height: u32,
  width: u32,
  edge: f32,
  interior: f32,
}

@group(0) @binding(0) var<storage, read> source: array<vec2f>;
@group(0) @binding(1) var<storage, read> parameters: Rows;
@group(0) @binding(2) var<storage, read_write> result: array<vec2f>;

fn half_width() -> u32 {
  return parameters.width / 2u + 1u;
}

// The column −k modulo the width.
fn mirror_of(k: u32) -> u32 {
  return select(parameters.width - k, 0u, k == 0u);
}

// Where the spectrum of a pair of rows starts.
fn pair_start(image: u32, pair: u32) -> u32 {
  return (image * ((parameters.height + 1u) / 2u) + pair) * parameters.width;
}
