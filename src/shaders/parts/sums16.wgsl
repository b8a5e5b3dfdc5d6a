// Sums of 16 output channels, or of 16 rows of a tile.
var c0 = vec4f(); var c1 = vec4f(); var c2 = vec4f(); var c3 = vec4f();
var c4 = vec4f(); var c5 = vec4f(); var c6 = vec4f(); var c7 = vec4f();
var c8 = vec4f(); var c9 = vec4f(); var c10 = vec4f(); var c11 = vec4f();
var c12 = vec4f(); var c13 = vec4f(); var c14 = vec4f(); var c15 = vec4f();
