// A place at most one period outside [0, period), brought inside; a division would cost more than the product it serves.
fn wrap(place: i32, period: i32) -> i32 {
  return select(select(place, place - period, place >= period), place + period, place < 0);
}
