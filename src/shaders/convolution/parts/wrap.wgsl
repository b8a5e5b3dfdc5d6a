// Brings a place inside [0, period) that is at most one period outside. A division would cost more than the
// product.
fn wrap(place: i32, period: i32) -> i32 {
  return select(select(place, place - period, place >= period), place + period, place < 0);
}
