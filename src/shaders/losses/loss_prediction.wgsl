// Loss of columns whose row REFERENCES predicts the error of the rows before ASSESSED. With d = x − reference,
//   loss = Σ_p ( Σ_{r < REFERENCES} f_r(d[r][p]) + |x[REFERENCES][p] − error[p]| ),
//   f_r(d) = |d| in rows before SMOOTH, else ½ d²,
//   error[p] = WEIGHT · Σ_{r < ASSESSED} |d[r][p]|,
// and its gradient with respect to x, for which error is a constant; rows after REFERENCES get none. A single
// workgroup.

override ROWS: u32;
override COLUMNS: u32;
override REFERENCES: u32;
override SMOOTH: u32;
override ASSESSED: u32;
override WEIGHT: f32;
override WORKGROUP: u32 = 64;

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> reference: array<f32>;
@group(0) @binding(2) var<storage, read_write> loss: array<f32>;
@group(0) @binding(3) var<storage, read_write> gradient: array<f32>;

//#include "../parts/lane_sum.wgsl" gives lane_sum.

@compute @workgroup_size(WORKGROUP)
fn main(@builtin(local_invocation_index) lane: u32) {
  var sum = 0.0;
  for (var column = lane; column < COLUMNS; column += WORKGROUP) {
    var error = 0.0;
    for (var row = 0u; row < ROWS; row++) {
      let i = row * COLUMNS + column;
      var difference = 0.0;
      if (row < REFERENCES) {
        difference = x[i] - reference[i];
      } else if (row == REFERENCES) {
        difference = x[i] - WEIGHT * error;
      }
      if (row < ASSESSED) {
        error += abs(difference);
      }
      if (row >= SMOOTH && row < REFERENCES) {
        sum += 0.5 * difference * difference;
        gradient[i] = difference;
      } else {
        sum += abs(difference);
        gradient[i] = sign(difference);
      }
    }
  }
  let total = lane_sum(sum, lane);
  if (lane == 0u) {
    loss[0] = total;
  }
}
