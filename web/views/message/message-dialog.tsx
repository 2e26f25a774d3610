import type { MessageEntry } from '../../../src/protocols/documents/client.ts';
import type { Conversation } from '../../state/conversation.ts';
import { ConfirmDialog } from '../common/confirm-dialog.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';

/** What the reader is asked or shown about a message, above the page. */
export function MessageDialog({ conversation }: { readonly conversation: Conversation }) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const dialog = conversation.dialog.value;
  if (dialog === null) return null;
  const close = () => {
    conversation.dialog.value = null;
  };
  const { type, message } = dialog;
  if (type === 'details') return <MessageDetails message={message} onClose={close} />;
  return (
    <ConfirmDialog
      title={texts.message.delete}
      question={texts.message.confirmDelete}
      action={texts.message.delete}
      onConfirm={() => client.remove(conversation.key, { key: message.key })}
      onClose={close}
    />
  );
}

/** When and by which protocol a message came. */
function MessageDetails({ message, onClose }: { readonly message: MessageEntry; readonly onClose: () => void }) {
  const { texts, times } = useLanguage();
  if ('deleted' in message) return null;
  const { sender, time, edited, via } = message;
  const facts: readonly (readonly [string, string])[] = [
    [texts.message.from, sender.name],
    [texts.message.sentAt, times.full(time)],
    ...(edited === null ? [] : [[texts.message.editedAt, times.full(edited)] as const]),
    ...(via === undefined ? [] : [[texts.message.via, via] as const]),
    [texts.message.number, String(message.key.id[1])],
  ];
  return (
    <Dialog title={texts.message.details} onClose={onClose}>
      <dl class="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
