// Where the four rows start that this lane loads of the left matrix [M, K].
// Lanes 0 to 3 load rows 0 to 15 of the tile, each every fourth row; lanes 4 to 7 load rows 16 to 31.
let row0 = m + lane / 4u * 16u + lane % 4u;
// Rows past the end repeat the last one, and their results are not stored.
let w0_row = (n * sizes.M + min(row0, sizes.M - 1u)) * (sizes.K / 4u);
let w1_row = (n * sizes.M + min(row0 + 4u, sizes.M - 1u)) * (sizes.K / 4u);
let w2_row = (n * sizes.M + min(row0 + 8u, sizes.M - 1u)) * (sizes.K / 4u);
let w3_row = (n * sizes.M + min(row0 + 12u, sizes.M - 1u)) * (sizes.K / 4u);
