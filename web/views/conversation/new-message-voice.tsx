import { useSignalEffect } from '@preact/signals';
import { useRef, useState } from 'preact/hooks';
import { summaryOf, textBesideFile } from '../../model/sent-file.ts';
import type { Conversation } from '../../state/conversation.ts';
import { useLanguage, useSession } from '../common/context.ts';

type Words = { readonly number: number; readonly text: string };

/** Lets screen readers say what others write from now on, and nothing of what was there when the conversation was opened. */
export function NewMessageVoice({ conversation }: { readonly conversation: Conversation }) {
  const session = useSession();
  const { texts } = useLanguage();
  const last = useRef<number | null>(null);
  const [words, setWords] = useState<Words | null>(null);
  useSignalEffect(() => {
    const { entry } = conversation;
    if (entry === undefined) return;
    const before = last.current;
    const { number, last_msg: message } = entry;
    last.current = Math.max(before ?? 0, number);
    if (before === null || number <= before || message === null || 'deleted' in message) return;
    session.typing.spoke(conversation.key.id, message.sender.key.id);
    if (conversation.isOwn(message) || session.isBlocked(message.sender.key.id)) return;
    const text = `${message.sender.name}: ${textBesideFile(message.text, message.file) || summaryOf(message)}`;
    setWords({
      number,
      text: number === before + 1 ? text : `${texts.conversation.latestUnread(number - before)}. ${text}`,
    }); // WEB-44
  });
  return (
    <p class="hidden" aria-live="polite">
      {/* The same words once more are another element, so that they are said again. */}
      {words !== null && <span key={words.number}>{words.text}</span>}
    </p>
  );
}
