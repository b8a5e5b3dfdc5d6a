/** The largest noise for which USRNet was trained, in 255ths. */
export const MAX_SIGMA = 50;
