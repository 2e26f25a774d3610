import { useState } from 'preact/hooks';
import type { MessageEntry } from '../../../src/protocols/documents/client.ts';
import type { ComposerState } from '../../state/composer-state.ts';
import type { Conversation } from '../../state/conversation.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { ConfirmDialog } from '../common/confirm-dialog.tsx';
import { IconButton } from '../common/icon-button.tsx';
import { Menu } from '../common/menu.tsx';

type Props = { readonly message: MessageEntry; readonly conversation: Conversation; readonly composer: ComposerState };

/** What can be done with a message. */
export function MessageActions({ message, conversation, composer }: Props) {
  const app = useApp();
  const { client, selfKey } = useSession();
  const { texts } = useLanguage();
  const [isAsking, setAsking] = useState(false);
  if ('deleted' in message) return null;
  const markUnread = () => {
    const [room, number] = message.key.id;
    app.preferences.set({ unreadFrom: { ...app.preferences.value.unreadFrom, [room]: number } });
  };
  const isOwn = message.sender.key.id === selfKey.id;
  return (
    <span class="actions">
      <IconButton icon="reply" label={texts.message.reply} onClick={() => composer.reply(message.key.id[1])} />
      {isOwn && <IconButton icon="edit" label={texts.message.edit} onClick={() => composer.edit(message)} />}
      {isOwn && <IconButton icon="delete" label={texts.message.delete} onClick={() => setAsking(true)} />}
      <Menu
        icon="more"
        label={texts.message.more}
        items={[
          {
            icon: 'copy',
            label: texts.message.copyText,
            onChoose: () => void navigator.clipboard?.writeText(message.text),
          },
          { icon: 'bell', label: texts.message.markUnread, onChoose: markUnread },
        ]}
      />
      {isAsking && (
        <ConfirmDialog
          title={texts.message.delete}
          question={texts.message.confirmDelete}
          action={texts.message.delete}
          onConfirm={() => client.remove(conversation.key, { key: message.key })}
          onClose={() => setAsking(false)}
        />
      )}
    </span>
  );
}
