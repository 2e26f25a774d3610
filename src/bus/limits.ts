/** The most bytes of a message on any bus, also where its server would take more: reading one holds everything else up. */
export const MAX_MESSAGE_BYTES = 1_048_576;
