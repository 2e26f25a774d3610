/** The picture cannot be decoded. */
export const EXIT_DAMAGED = 10;
/** The picture has more pixels than are decoded. */
export const EXIT_TOO_MANY_PIXELS = 11;
