/**
 * A fingerprint of a text, 16 hex digits: the same for the same text, another for nearly every other. It keeps nobody out:
 * whoever wants two texts with one fingerprint finds them.
 */
export function digestOf(text: string): string {
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit ^ (low >>> 15), 0x85ebca6b);
  }
  return hex(high ^ (low >>> 13)) + hex(low ^ (high >>> 16));
}

function hex(bits: number): string {
  return (bits >>> 0).toString(16).padStart(8, '0');
}
