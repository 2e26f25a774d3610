import { useComputed } from '@preact/signals';
import type { MessageEntry } from '../../../src/protocols/documents/client.ts';
import type { Conversation } from '../../state/conversation.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';

type Props = { readonly message: MessageEntry; readonly conversation: Conversation };

/** A mark on the last of one's own messages that somebody else has read. */
export function ReadMark({ message, conversation }: Props) {
  const { selfKey } = useSession();
  const { texts } = useLanguage();
  const isLastRead = useComputed(() => conversation.lastRead.value === message.key.id[1]);
  if ('deleted' in message || message.sender.key.id !== selfKey.id || !isLastRead.value) return null;
  return (
    <span class="read" title={texts.conversation.read}>
      <Icon name="check" />
      <span class="hidden">{texts.conversation.read}</span>
    </span>
  );
}
