/** The most bytes of one message, without its line end. */
export const MAX_FRAME_BYTES = 65_536;

/** The last millisecond of the year 9999: the latest time that c2 can express. */
export const END_OF_TIME = 253_402_300_799_999;
