/** The kinds of values that matter to this protocol; `never` is the one byte that begins no value. */
export type Kind = 'string' | 'true' | 'false' | 'array' | 'map' | 'other' | 'never';

/** What the first byte of a value tells. */
export type Head = {
  readonly kind: Kind;
  /** How many bytes of length follow it. */
  readonly lengthBytes: number;
  /** The amount that comes without a length, or on top of it: bytes, elements of an array, entries of a map. */
  readonly fixed: number;
};

/** From 0xc0 to 0xdf, as the specification of MessagePack lists them. */
const rows: readonly (readonly [Kind, number, number])[] = [
  ['other', 0, 0], // nil
  ['never', 0, 0],
  ['false', 0, 0],
  ['true', 0, 0],
  ['string', 1, 0], // bin 8, 16, 32
  ['string', 2, 0],
  ['string', 4, 0],
  ['other', 1, 1], // ext 8, 16, 32: a byte of type comes on top
  ['other', 2, 1],
  ['other', 4, 1],
  ['other', 0, 4], // float 32, 64
  ['other', 0, 8],
  ['other', 0, 1], // uint 8, 16, 32, 64
  ['other', 0, 2],
  ['other', 0, 4],
  ['other', 0, 8],
  ['other', 0, 1], // int 8, 16, 32, 64
  ['other', 0, 2],
  ['other', 0, 4],
  ['other', 0, 8],
  ['other', 0, 2], // fixext 1, 2, 4, 8, 16
  ['other', 0, 3],
  ['other', 0, 5],
  ['other', 0, 9],
  ['other', 0, 17],
  ['string', 1, 0], // str 8, 16, 32
  ['string', 2, 0],
  ['string', 4, 0],
  ['array', 2, 0],
  ['array', 4, 0],
  ['map', 2, 0],
  ['map', 4, 0],
];

const heads: readonly Head[] = Array.from({ length: 256 }, (_, byte) => {
  const [kind, lengthBytes, fixed] = rows[byte - 0xc0] ?? short(byte);
  return { kind, lengthBytes, fixed };
});

/** Small integers and short values, whose first byte tells their whole length. */
function short(byte: number): readonly [Kind, number, number] {
  if (byte >= 0x80 && byte <= 0x8f) return ['map', 0, byte & 0x0f];
  if (byte >= 0x90 && byte <= 0x9f) return ['array', 0, byte & 0x0f];
  if (byte >= 0xa0 && byte <= 0xbf) return ['string', 0, byte & 0x1f];
  return ['other', 0, 0];
}

/** The head of the value that begins at `at`; there must be a byte. */
export function headAt(bytes: Uint8Array, at: number): Head {
  return heads[bytes[at] as number] as Head;
}

/** How many bytes, elements or entries the value at `at` has. The bytes of its length must be there. */
export function amountAt(bytes: Uint8Array, at: number, head: Head): number {
  let length = 0;
  for (let index = at + 1; index <= at + head.lengthBytes; index++) length = length * 256 + (bytes[index] as number);
  return length + head.fixed;
}
