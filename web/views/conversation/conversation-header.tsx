import type { Conversation } from '../../state/conversation.ts';
import { useApp, useLanguage } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { Icon } from '../common/icon.tsx';

/** The name of the conversation, and what one can do with it. */
export function ConversationHeader({ conversation }: { readonly conversation: Conversation }) {
  const app = useApp();
  const { texts, times } = useLanguage();
  const { entry } = conversation;
  const content = conversation.content.value.value;
  if (entry === undefined) return null;
  return (
    <header class="conversation-header">
      <IconButton
        class="only-small"
        icon="back"
        label={texts.menu.back}
        onClick={() => app.router.go({ type: 'home' })}
      />
      <h2>
        <bdi>{entry.name}</bdi>
        {content?.open === false && !entry.direct && <Icon name="lock" />}
      </h2>
      {!entry.direct && <span class="hint">{texts.conversation.members(entry.members_total)}</span>}
      <span class="tools">
        <IconButton icon="search" label={texts.find.search} onClick={() => app.shortcuts.search()} />
        <IconButton
          icon="calendar"
          label={texts.find.toDate}
          onClick={() => {
            conversation.dayChoice.value = times.dayKey(Date.now());
          }}
        />
      </span>
    </header>
  );
}
