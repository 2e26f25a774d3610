import { useRef, useState } from 'preact/hooks';
import { useSignalEffect } from '@preact/signals';
import type { Conversation } from '../../state/conversation.ts';
import { useSession } from '../common/context.ts';

/** Lets screen readers say each new message of others: one at a time, and nothing when a conversation is opened. */
export function NewMessageVoice({ conversation }: { readonly conversation: Conversation }) {
  const session = useSession();
  const last = useRef<number | null>(null);
  const [words, setWords] = useState('');
  useSignalEffect(() => {
    const message =
      conversation.hasEnd.value && !conversation.isLoading.value ? conversation.messages.value.at(-1) : undefined;
    if (message === undefined) return;
    const number = message.key.id[1];
    const isNew = last.current !== null && number > last.current;
    last.current = Math.max(last.current ?? 0, number);
    if (!isNew || 'deleted' in message) return;
    session.typing.spoke(conversation.key.id, message.sender.key.id);
    if (message.sender.key.id !== session.selfKey.id) setWords(`${message.sender.name}: ${message.text}`);
  });
  return (
    <p class="hidden" aria-live="polite">
      {words}
    </p>
  );
}
