import type { MessageEntry, User } from '../../../src/protocols/documents/client.ts';
import { fileOf, textBesideFile } from '../../model/sent-file.ts';
import type { Conversation } from '../../state/conversation.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { MessageFile } from './message-file.tsx';
import { MessageText } from './message-text.tsx';
import { QuotedMessage } from './quoted-message.tsx';
import { ReadMark } from './read-mark.tsx';

type Props = {
  readonly message: MessageEntry;
  readonly isFirst: boolean;
  readonly conversation: Conversation;
};

/** What a message shows: sender, text and time, in the order in which they are read. */
export function MessageView({ message, isFirst, conversation }: Props) {
  const session = useSession();
  const { texts, times } = useLanguage();
  const number = message.key.id[1];
  if ('deleted' in message) {
    return (
      <p class="text is-deleted" id={`text-${number}`}>
        {texts.conversation.deleted}
      </p>
    );
  }
  const { sender, time, text, edited, reply_to: replyTo, font } = message;
  const file = fileOf(message);
  const shownText = textBesideFile(text, file);
  const live = session.people.get(sender.key.id);
  const person = live.value.value;
  const name = shownName(sender.name, person, live.error.value !== null);
  return (
    <>
      {isFirst && <Avatar picture={person?.picture} />}
      <span class={isFirst ? 'sender' : 'sender hidden'} id={`sender-${number}`}>
        <bdi>{name}</bdi>
        {name !== sender.name && isFirst && <bdi class="username">{sender.name}</bdi>}
      </span>
      {replyTo !== undefined && <QuotedMessage message={replyTo} conversation={conversation} />}
      {shownText !== '' && <MessageText text={shownText} font={font} id={`text-${number}`} />}
      {file !== undefined && <MessageFile file={file} />}
      <span class="after">
        {edited !== null && (
          <span class="edited" title={times.full(edited)}>
            {texts.conversation.edited}
          </span>
        )}
        <ReadMark message={message} conversation={conversation} />
        <time dateTime={new Date(time).toISOString()} title={times.full(time)} id={`time-${number}`}>
          {times.time(time)}
        </time>
      </span>
    </>
  );
}

/** The display name, if the person still has the name. A guest who is gone is marked: somebody else may have the name by now. */
function shownName(name: string, person: User | undefined, isGone: boolean): string {
  if (person === undefined) return isGone ? `${name}~` : name;
  return person.username === name ? person.display_name : name;
}
