import type { KeyOf } from '../../../src/protocols/documents/client.ts';
import { summaryOf } from '../../model/sent-file.ts';
import type { Conversation } from '../../state/conversation.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { useLive } from '../common/use-live.ts';

type Props = { readonly message: KeyOf<'msg'>; readonly conversation: Conversation };

/** The beginning of the message that another one answers; a press goes there. It is one line high whatever it says. */
export function QuotedMessage({ message, conversation }: Props) {
  const session = useSession();
  const { texts } = useLanguage();
  const live = useLive(() => session.client.watch(message), [message.id.join()]);
  const content = live.value.value;
  const isDeleted = live.error.value !== null || (content !== undefined && 'deleted' in content);
  const isThere = content !== undefined && !('deleted' in content);
  const isHidden = isThere && conversation.entry?.direct !== true && session.isBlocked(content.sender.key.id);
  return (
    <button
      type="button"
      class="quoted"
      aria-label={
        isThere && !isHidden ? `${texts.message.inReplyTo(content.sender.name)}: ${summaryOf(content)}` : undefined
      }
      onClick={() => conversation.jumpTo(message.id[1])}
    >
      {isThere && !isHidden ? (
        <>
          <bdi class="sender">{content.sender.name}</bdi> <bdi>{summaryOf(content)}</bdi>
        </>
      ) : isDeleted ? (
        texts.conversation.deleted
      ) : (
        '…'
      )}
    </button>
  );
}
