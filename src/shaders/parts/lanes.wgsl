// Lanes that share their loads, 4 or 8: no more than a subgroup has.
override LANES: u32 = 8;
