// Winograd's convolution F(4×4, 3×3) (Lavin and Gray 2016): 4×4 pixels of a result follow from a 6×6 tile d of the image and a kernel g
// as Aᵀ [(G g Gᵀ) ⊙ (Bᵀ d B)] A. The sums over channels become 36 matrix products, with a quarter of the multiplications. The matrices are
// those for the points 0, ±A, ±B and ∞; with √½ and √2 they lose half as many digits as with the usual 1 and 2.
const A = 0.7071067811865476;
const B = 1.4142135623730951;
