import { summaryOf } from '../../model/sent-file.ts';
import type { ComposerState } from '../../state/writing/composer-state.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { useLive } from '../common/use-live.ts';

type Props = { readonly composer: ComposerState; readonly room: number };

/** Says that the text answers a message, or changes one. */
export function ComposerPurpose({ composer, room }: Props) {
  const { texts } = useLanguage();
  const purpose = composer.purpose.value;
  if (purpose.type === 'new') return null;
  return (
    <p class="purpose">
      {purpose.type === 'edit' ? (
        <span>{texts.composer.editing}</span>
      ) : (
        <Answered room={room} number={purpose.number} />
      )}
      <IconButton icon="close" label={texts.composer.cancel} onClick={() => composer.cancel()} />
    </p>
  );
}

function Answered({ room, number }: { readonly room: number; readonly number: number }) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const content = useLive(() => client.watch({ type: 'msg', id: [room, number] }), [room, number]).value.value;
  if (content === undefined || 'deleted' in content) return <span>{texts.conversation.deleted}</span>;
  return (
    <span>
      {texts.composer.replyingTo(content.sender.name)}: <bdi>{summaryOf(content)}</bdi>
    </span>
  );
}
