import type { FoundRoom, PersonEntry } from '../../../src/protocols/documents/client.ts';
import { formatRoute } from '../../model/route.ts';
import { failureText } from '../../state/failure-text.ts';
import type { SearchQuery, SearchState } from '../../state/find/search.ts';
import { Avatar } from '../common/avatar.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { FoundText } from './found-text.tsx';
import { Icon } from '../common/icon.tsx';
import { IconButton } from '../common/icon-button.tsx';
import { Problem } from '../common/problem.tsx';
import { SearchMessage } from './search-message.tsx';

type Props = { readonly query: SearchQuery; readonly state: SearchState };

/** What a search has found, or why it has found nothing. */
export function SearchResults({ query, state }: Props) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  if (state.type === 'idle') return <p class="empty">{texts.find.hint}</p>;
  if (state.type === 'too-long') return <p class="empty">{texts.find.tooLong}</p>;
  const { found } = state;
  const isNarrow = query.room !== undefined || query.sender !== undefined;
  const isEmpty = found !== null && found.users.length + found.rooms.length + found.msgs.length === 0;
  return (
    <>
      {found !== null && found.users.length > 0 && (
        <section>
          <h3>{texts.find.people}</h3>
          <ul>
            {found.users.map((person) => (
              <FoundPerson key={person.key.id} person={person} query={query.text} />
            ))}
          </ul>
        </section>
      )}
      {found !== null && found.rooms.length > 0 && (
        <section>
          <h3>{texts.find.rooms}</h3>
          <ul>
            {found.rooms.map((room) => (
              <FoundRoomItem key={room.key.id} room={room} query={query.text} />
            ))}
          </ul>
        </section>
      )}
      {found !== null && found.msgs.length > 0 && (
        <section>
          <h3>{texts.find.messages}</h3>
          <ol>
            {found.msgs.map((message) => (
              <SearchMessage key={message.key.id.join()} message={message} query={query.text} />
            ))}
          </ol>
        </section>
      )}
      {state.type === 'done' && found?.next !== undefined && (
        <button type="button" class="more" onClick={() => session.search.more()}>
          {texts.find.more}
        </button>
      )}
      {isEmpty && state.type === 'done' && (
        <div class="empty">
          <p>{isNarrow ? texts.find.nothingNarrow : texts.find.nothing}</p>
          {isNarrow && (
            <button type="button" onClick={() => app.router.replace({ type: 'search', text: query.text })}>
              {texts.find.searchEverywhere}
            </button>
          )}
        </div>
      )}
      {state.type === 'busy' && <p class="empty">{texts.find.searching}</p>}
      {state.type === 'failed' && (
        <div class="failed">
          <Problem text={failureText(state.error, texts)} />
          <button type="button" onClick={() => session.search.start(query)}>
            {texts.find.again}
          </button>
        </div>
      )}
    </>
  );
}

function FoundPerson({ person, query }: { readonly person: PersonEntry; readonly query: string }) {
  const app = useApp();
  const { texts } = useLanguage();
  const { key, display_name: name, picture, presence } = person;
  return (
    <li class="found-person">
      <a class="result person-item" href={formatRoute({ type: 'person', person: key.id })}>
        <Avatar picture={picture} presence={presence} />
        <FoundText text={name} query={query} />
      </a>
      <IconButton
        icon="search"
        label={texts.find.messagesBy(name)}
        onClick={() => app.router.go({ type: 'search', text: '', sender: key.id })}
      />
    </li>
  );
}

function FoundRoomItem({ room, query }: { readonly room: FoundRoom; readonly query: string }) {
  const { texts } = useLanguage();
  return (
    <li>
      <a class="result person-item" href={formatRoute({ type: 'room', room: room.key.id })}>
        <span class="avatar is-room" aria-hidden="true">
          <Icon name={room.direct ? 'person' : 'room'} />
        </span>
        <FoundText text={room.name} query={query} />
        {!room.joined && <span class="tag">{texts.find.notJoined}</span>}
      </a>
    </li>
  );
}
