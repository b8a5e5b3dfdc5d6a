import { downsample2x2, upsample2x2 } from "../../engine/ops/convolution/conv2x2.js";
import { conv3x3 } from "../../engine/ops/convolution/conv3x3.js";
import { add } from "../../engine/ops/elementwise/add.js";
import type { ImageOperations } from "../../model/usrnet/res-unet.js";

/** The operations of USRNet's prior network with their gradients. */
export const DIFFERENTIABLE: ImageOperations = { conv3x3, downsample2x2, upsample2x2, add };
