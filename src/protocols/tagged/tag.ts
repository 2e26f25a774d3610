const MAX_TAG = 64;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A number that JSON writes as it came, since the number itself may not keep all its digits. */
export type RawNumber = { readonly rawJSON: string };

/** The tag of a request, as its reply repeats it. */
export type Tag = string | number | RawNumber;

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/** What ECMAScript adds to `JSON` for numbers that must stay as they came; TypeScript's library does not have it yet. */
const json = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): RawNumber;
  isRawJSON(value: unknown): boolean;
};

/** The tag of an object, as it came; undefined if it has none. `bytes` are the object's JSON. */
export function tagOf(tag: unknown, bytes: Uint8Array): unknown {
  if (typeof tag !== 'number') return tag ?? undefined; // TAG-24
  const source = sourceOfTag(bytes);
  return String(tag) === source ? tag : json.rawJSON(source); // TAG-92
}

/** What is wrong with the tag of a request; null if it can be used. */
export function problemOfTag(tag: unknown): string | null {
  if (typeof tag === 'number' || json.isRawJSON(tag)) return null; // TAG-92
  if (typeof tag !== 'string') return 'tag is neither a string nor a number'; // TAG-25
  if (tag.length > MAX_TAG) return 'tag is longer than 64'; // TAG-25
  return tag.startsWith('_') ? 'tag begins with an underscore' : null; // TAG-25
}

/** The characters of the number in the field `tag`; objects inside may have such a field too. */
function sourceOfTag(bytes: Uint8Array): string {
  const sources = new Map<unknown, string>();
  const whole = json.parse(decoder.decode(bytes), function (key, value, { source = '' }) {
    if (key === 'tag') sources.set(this, source);
    return value;
  });
  return sources.get(whole) ?? '';
}
