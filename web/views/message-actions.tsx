import { useState } from 'preact/hooks';
import type { MessageEntry } from '../../src/protocols/documents/client.ts';
import type { ComposerState } from '../state/composer-state.ts';
import type { Conversation } from '../state/conversation.ts';
import { useLanguage, useSession } from './context.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { IconButton } from './icon-button.tsx';

type Props = { readonly message: MessageEntry; readonly conversation: Conversation; readonly composer: ComposerState };

/** What can be done with a message. */
export function MessageActions({ message, conversation, composer }: Props) {
  const { client, selfKey } = useSession();
  const { texts } = useLanguage();
  const [isAsking, setAsking] = useState(false);
  if ('deleted' in message) return null;
  const isOwn = message.sender.key.id === selfKey.id;
  return (
    <span class="actions">
      <IconButton icon="reply" label={texts.message.reply} onClick={() => composer.reply(message.key.id[1])} />
      {isOwn && <IconButton icon="edit" label={texts.message.edit} onClick={() => composer.edit(message)} />}
      {isOwn && <IconButton icon="delete" label={texts.message.delete} onClick={() => setAsking(true)} />}
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
