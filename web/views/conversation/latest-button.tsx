import type { Conversation } from '../../state/conversation.ts';
import { useLanguage } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';

/** Goes to the newest message; shown while the reader is elsewhere. */
export function LatestButton({ conversation }: { readonly conversation: Conversation }) {
  const { texts } = useLanguage();
  if (conversation.isAtEnd.value || conversation.messages.value.length === 0) return null;
  const unread = conversation.entry?.unread ?? 0;
  return (
    <button type="button" class="latest" onClick={() => conversation.toEnd()}>
      <Icon name="down" />
      {unread > 0 ? texts.conversation.latestUnread(unread) : texts.conversation.latest}
    </button>
  );
}
