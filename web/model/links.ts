/** A piece of a text: plain, or the address of a link. */
export type LinkPiece = { readonly type: 'text' | 'link'; readonly text: string };

const START = /\bhttps?:\/\//gi;
/** What ends an address wherever it stands: blanks, quotes, what cannot be seen, and what turns the direction of text. */
const END = /[\s<>"\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/;
const CLOSING: { readonly [closing: string]: string } = { ')': '(', ']': '[', '}': '{' };
/** What belongs to the sentence, not to the address, if it comes last. */
const AFTER = new Set(".,;:!?'’”»…。、，！？*_~|`");
/** A longer address is no link: nobody can read it, and each character is looked at again for each beginning. */
const MOST = 2_000;

/** Finds the links of a text: addresses that begin with `http://` or `https://`, and nothing else. */
export function findLinks(text: string): readonly LinkPiece[] {
  const pieces: LinkPiece[] = [];
  let done = 0;
  for (const { index } of text.matchAll(START)) {
    if (index < done) continue;
    const address = addressAt(text, index); // WEB-50
    if (address === null) continue;
    if (index > done) pieces.push({ type: 'text', text: text.slice(done, index) });
    pieces.push({ type: 'link', text: address });
    done = index + address.length;
  }
  if (done < text.length) pieces.push({ type: 'text', text: text.slice(done) });
  return pieces;
}

/** The address that begins here, without the end of the sentence or the bracket around it; null if it is none. */
function addressAt(text: string, start: number): string | null {
  const rest = text.slice(start, start + MOST + 1);
  const end = rest.search(END);
  const whole = end < 0 ? rest : rest.slice(0, end);
  if (whole.length > MOST) return null;
  const address = whole.slice(0, lengthOf(whole));
  return isAddress(address) ? address : null;
}

/** The length without what comes after the address. */
function lengthOf(address: string): number {
  const open = new Map<string, number>();
  for (const letter of address) open.set(letter, (open.get(letter) ?? 0) + 1);
  let length = address.length;
  for (; length > 0; length--) {
    const last = address.charAt(length - 1);
    const opening = CLOSING[last];
    const isUnopened = opening !== undefined && (open.get(last) ?? 0) > (open.get(opening) ?? 0);
    if (!AFTER.has(last) && !isUnopened) break;
    open.set(last, (open.get(last) ?? 0) - 1);
  }
  return length;
}

function isAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}
