import { findLinks } from './links.ts';

/** A piece of a message's text. `block` is code on lines of its own. A mention is a name after `@`. */
export type Segment = {
  readonly type: 'text' | 'link' | 'code' | 'block' | 'mention';
  readonly text: string;
};

const BLOCK = /```(?:[\w+#.-]{0,20}\n)?([^]*?)```/g;
const CODE = /`([^`\n]+)`/g;
/** What may stand in a name; see the rules of names. A full stop at its end is the sentence's. */
const MENTION = /(?<![\p{L}\p{M}\p{N}@.])@([^\s;,[\]/~@`"'<>(){}:!?]{1,32}(?<!\.))/gu;

/** Takes a text apart: links are links, code in back quotes is code, names that are mentioned stand out, and nothing else is markup. */
export function segmentsOf(text: string): readonly Segment[] {
  return split(text, BLOCK, 'block', (rest) => split(rest, CODE, 'code', linksAndMentions)); // WEB-51
}

function linksAndMentions(text: string): readonly Segment[] {
  return findLinks(text).flatMap((piece): readonly Segment[] =>
    piece.type === 'link' ? [piece] : split(piece.text, MENTION, 'mention', plain),
  );
}

function plain(text: string): readonly Segment[] {
  return [{ type: 'text', text }];
}

/** Cuts out what matches: its first group becomes a segment of this type, and the rest is taken apart further. */
function split(
  text: string,
  pattern: RegExp,
  type: Segment['type'],
  others: (text: string) => readonly Segment[],
): readonly Segment[] {
  const segments: Segment[] = [];
  let done = 0;
  for (const match of text.matchAll(pattern)) {
    const inner = type === 'block' ? trimmed(match[1] ?? '') : (match[1] ?? '');
    if (inner.trim() === '') continue;
    if (match.index > done) segments.push(...others(text.slice(done, match.index)));
    segments.push({ type, text: inner });
    done = match.index + match[0].length;
  }
  if (done < text.length) segments.push(...others(text.slice(done)));
  return type === 'block' ? withoutBreaks(segments) : segments;
}

/** A block stands on lines of its own anyway, so the line breaks around it would be empty lines. */
function withoutBreaks(segments: readonly Segment[]): readonly Segment[] {
  return segments.flatMap((segment, index): readonly Segment[] => {
    if (segment.type !== 'text') return [segment];
    let { text } = segment;
    if (segments[index - 1]?.type === 'block') text = text.replace(/^\n/, '');
    if (segments[index + 1]?.type === 'block') text = text.replace(/\n$/, '');
    return text === '' ? [] : [{ ...segment, text }];
  });
}

function trimmed(block: string): string {
  return block.replace(/^\n|\n$/g, '');
}
