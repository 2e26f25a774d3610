import type { Conversation } from '../../state/conversation.ts';
import { useLanguage } from '../common/context.ts';

/** What stands above the messages: that they are loading, or that here is the beginning. */
export function ListStart({
  conversation,
  isEmpty,
}: {
  readonly conversation: Conversation;
  readonly isEmpty: boolean;
}) {
  const { texts } = useLanguage();
  const { entry } = conversation;
  if (isEmpty && !conversation.isLoading.value && conversation.total.value === 0) {
    const isDirect = entry?.direct === true;
    return <p class="empty">{isDirect ? texts.conversation.emptyDirect(entry.name) : texts.conversation.empty}</p>;
  }
  return (
    <p class="start">{conversation.isAtStart.value ? texts.conversation.beginning : texts.conversation.loading}</p>
  );
}
