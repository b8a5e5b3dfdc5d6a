// Sums of a tile of up to 32 rows; with 4 lanes only the first 16 are used.
//#include "../../parts/sums16.wgsl" gives c0 to c15.
var c16 = vec4f(); var c17 = vec4f(); var c18 = vec4f(); var c19 = vec4f();
var c20 = vec4f(); var c21 = vec4f(); var c22 = vec4f(); var c23 = vec4f();
var c24 = vec4f(); var c25 = vec4f(); var c26 = vec4f(); var c27 = vec4f();
var c28 = vec4f(); var c29 = vec4f(); var c30 = vec4f(); var c31 = vec4f();
