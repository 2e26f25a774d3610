import type { KeyOf } from '../../../src/protocols/documents/client.ts';
import type { Conversation } from '../../state/conversation.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { useLive } from '../common/use-live.ts';

type Props = { readonly message: KeyOf<'msg'>; readonly conversation: Conversation };

/** The beginning of the message that another one answers; a press goes there. */
export function QuotedMessage({ message, conversation }: Props) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const live = useLive(() => client.watch(message), [message.id.join()]);
  const content = live.value.value;
  const isDeleted = content === undefined || 'deleted' in content;
  return (
    <button type="button" class="quoted" onClick={() => conversation.jumpTo(message.id[1])}>
      {isDeleted ? (
        texts.conversation.deleted
      ) : (
        <>
          <bdi class="sender">{content.sender.name}</bdi> <span dir="auto">{content.text.slice(0, 200)}</span>
        </>
      )}
    </button>
  );
}
