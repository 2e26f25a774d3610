import type { MessageEntry } from '../../../src/protocols/documents/client.ts';
import { formatRoute } from '../../model/route.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { FoundText } from './found-text.tsx';
import { useToday } from '../common/use-today.ts';

/** A message that was found: who said it, where and when, and the words; it leads to the message in its room. */
export function SearchMessage({ message, query }: { readonly message: MessageEntry; readonly query: string }) {
  const session = useSession();
  const { times } = useLanguage();
  const { now } = useToday(times);
  if ('deleted' in message) return null;
  const [room, number] = message.key.id;
  const { sender, time, text } = message;
  const person = session.people.get(sender.key.id).value.value;
  const name = person?.username === sender.name ? person.display_name : sender.name;
  return (
    <li>
      <a class="result found-message" href={formatRoute({ type: 'room', room, number })}>
        <Avatar picture={person?.picture} />
        <bdi class="name">{name}</bdi>
        <bdi class="room">{session.entry(room)?.name}</bdi>
        <time dateTime={new Date(time).toISOString()} title={times.full(time)}>
          {times.short(time, now)}
        </time>
        <FoundText text={text} query={query} />
      </a>
    </li>
  );
}
