// Lanes that share their loads: 4 or 8, and at most the size of a subgroup.
override LANES: u32 = 8;
