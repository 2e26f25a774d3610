/** A piece of a text: plain, or the address of a link. */
export type LinkPiece = { readonly type: 'text' | 'link'; readonly text: string };

const START = /\bhttps?:\/\//gi;
/** What ends an address wherever it stands. */
const END = /[\s<>"\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/;
const CLOSING: { readonly [closing: string]: string } = { ')': '(', ']': '[', '}': '{' };
/** What belongs to the sentence, not to the address, if it comes last. */
const AFTER = /[.,;:!?'’”»…。、，！？*_~|]$/;

/** Finds the links of a text: addresses that begin with `http://` or `https://`, and nothing else. */
export function findLinks(text: string): readonly LinkPiece[] {
  const pieces: LinkPiece[] = [];
  let done = 0;
  for (const { index } of text.matchAll(START)) {
    if (index < done) continue;
    const address = addressAt(text, index);
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
  const rest = text.slice(start);
  const end = rest.search(END);
  let address = end < 0 ? rest : rest.slice(0, end);
  for (let last = ''; last !== address; ) {
    last = address;
    if (AFTER.test(address) || isUnopened(address)) address = address.slice(0, -1);
  }
  return isAddress(address) ? address : null;
}

/** Whether the last character closes a bracket that was not opened in the address. */
function isUnopened(address: string): boolean {
  const closing = address.at(-1) ?? '';
  const opening = CLOSING[closing];
  if (opening === undefined) return false;
  return address.split(closing).length > address.split(opening).length;
}

function isAddress(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '';
}
