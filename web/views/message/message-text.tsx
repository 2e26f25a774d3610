import { useMemo } from 'preact/hooks';
import type { PostedMessage } from '../../../src/protocols/documents/client.ts';
import { routeOfLink } from '../../model/page-link.ts';
import { formatRoute } from '../../model/route.ts';
import { segmentsOf, type Segment } from '../../model/segments.ts';

type Props = { readonly text: string; readonly font: PostedMessage['font'] };

/** The text of a message: text nodes, links and code, and nothing else. */
export function MessageText({ text }: Props) {
  const segments = useMemo(() => segmentsOf(text), [text]);
  return (
    <div class="text" dir="auto">
      {segments.map((segment, index) => (
        <Piece key={index} segment={segment} />
      ))}
    </div>
  );
}

function Piece({ segment: { type, text } }: { readonly segment: Segment }) {
  switch (type) {
    case 'text':
      return <>{text}</>;
    case 'link': {
      const route = routeOfLink(text, location.href);
      if (route !== null) return <a href={formatRoute(route)}>{text}</a>; // WEB-146
      return (
        <a href={text} target="_blank" rel="noopener noreferrer nofollow">
          {text}
        </a>
      );
    }
    case 'code':
      return <code dir="auto">{text}</code>;
    case 'block':
      return (
        <pre dir="auto" tabIndex={0}>
          <code>{text}</code>
        </pre>
      );
    case 'mention':
      return <span class="mention">@{text}</span>;
  }
}
