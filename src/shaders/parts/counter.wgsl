// A program's step counter: the number of the step, and the seed of its random numbers.
struct Counter {
  step: u32,
  seed: u32,
}
