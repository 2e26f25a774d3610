import { useMemo } from 'preact/hooks';
import { excerptOf, foundPieces } from '../../model/found-words.ts';

/** A text, or the part of a long one, in which the words that a search is after are marked. */
export function FoundText({ text, query }: { readonly text: string; readonly query: string }) {
  const pieces = useMemo(() => excerptOf(foundPieces(text, query)), [text, query]);
  return (
    <span class="found-text" dir="auto">
      {pieces.map(({ text, isFound }, index) => (isFound ? <mark key={index}>{text}</mark> : text))}
    </span>
  );
}
