// Adds `columns`, four vec4, times the four numbers of each row, which one of the lanes holds in w0 to w3.
c0 += columns * subgroupBroadcast(w0, 0u);
c1 += columns * subgroupBroadcast(w0, 1u);
c2 += columns * subgroupBroadcast(w0, 2u);
c3 += columns * subgroupBroadcast(w0, 3u);
c4 += columns * subgroupBroadcast(w1, 0u);
c5 += columns * subgroupBroadcast(w1, 1u);
c6 += columns * subgroupBroadcast(w1, 2u);
c7 += columns * subgroupBroadcast(w1, 3u);
c8 += columns * subgroupBroadcast(w2, 0u);
c9 += columns * subgroupBroadcast(w2, 1u);
c10 += columns * subgroupBroadcast(w2, 2u);
c11 += columns * subgroupBroadcast(w2, 3u);
c12 += columns * subgroupBroadcast(w3, 0u);
c13 += columns * subgroupBroadcast(w3, 1u);
c14 += columns * subgroupBroadcast(w3, 2u);
c15 += columns * subgroupBroadcast(w3, 3u);
if (LANES == 8u) {
  c16 += columns * subgroupBroadcast(w0, 4u);
  c17 += columns * subgroupBroadcast(w0, 5u);
  c18 += columns * subgroupBroadcast(w0, 6u);
  c19 += columns * subgroupBroadcast(w0, 7u);
  c20 += columns * subgroupBroadcast(w1, 4u);
  c21 += columns * subgroupBroadcast(w1, 5u);
  c22 += columns * subgroupBroadcast(w1, 6u);
  c23 += columns * subgroupBroadcast(w1, 7u);
  c24 += columns * subgroupBroadcast(w2, 4u);
  c25 += columns * subgroupBroadcast(w2, 5u);
  c26 += columns * subgroupBroadcast(w2, 6u);
  c27 += columns * subgroupBroadcast(w2, 7u);
  c28 += columns * subgroupBroadcast(w3, 4u);
  c29 += columns * subgroupBroadcast(w3, 5u);
  c30 += columns * subgroupBroadcast(w3, 6u);
  c31 += columns * subgroupBroadcast(w3, 7u);
}
