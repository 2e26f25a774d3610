import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PostedMessage } from '../../../src/protocols/documents/client.ts';
import { shownFont } from '../../model/font.ts';
import { routeOfLink } from '../../model/page-link.ts';
import { formatRoute } from '../../model/route.ts';
import { segmentsOf, type Segment } from '../../model/segments.ts';
import { CodeBlock } from './code-block.tsx';
import { useApp, useSession } from '../common/context.ts';
import { useGround } from '../common/use-ground.ts';

type Props = { readonly text: string; readonly font?: PostedMessage['font']; readonly id?: string };

/** The text of a message: text nodes, links and code, and nothing else. */
export function MessageText({ text, font, id }: Props) {
  const segments = useMemo(() => segmentsOf(text), [text]);
  const { preferences } = useApp();
  const pieces = segments.map((segment, index) => <Piece key={index} segment={segment} />);
  const shared = { class: 'text', dir: 'auto', id } as const;
  return font !== undefined && preferences.value.fonts ? (
    <InFont {...shared} font={font}>
      {pieces}
    </InFont>
  ) : (
    <div {...shared}>{pieces}</div>
  );
}

type InFontProps = {
  readonly class: string;
  readonly dir: 'auto';
  readonly id: string | undefined;
  readonly font: NonNullable<PostedMessage['font']>;
  readonly children: ComponentChildren;
};

/** In the font of its author, as far as it can be read. */
function InFont({ font, ...rest }: InFontProps) {
  const ground = useGround();
  return <div {...rest} style={{ ...shownFont(font, ground) }} />;
}

function Piece({ segment: { type, text } }: { readonly segment: Segment }) {
  switch (type) {
    case 'text':
      return <>{text}</>;
    case 'link': {
      const route = routeOfLink(text, location.href);
      if (route !== null) return <a href={formatRoute(route)}>{text}</a>; // WEB-146
      return (
        <a href={text} target="_blank" rel="noopener noreferrer nofollow" dir="auto">
          {text}
        </a>
      );
    }
    case 'code':
      return <code dir="auto">{text}</code>;
    case 'block':
      return <CodeBlock text={text} />;
    case 'mention':
      return <Mention name={text} />;
  }
}

/** A name in a text; one's own stands out. */
function Mention({ name }: { readonly name: string }) {
  const { name: own } = useSession();
  return <bdi class={name.toLowerCase() === own.toLowerCase() ? 'mention is-self' : 'mention'}>@{name}</bdi>;
}
