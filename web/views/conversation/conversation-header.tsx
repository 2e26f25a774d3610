import type { RoomEntry } from '../../../src/protocols/documents/client.ts';
import type { Conversation } from '../../state/conversation.ts';
import { Avatar } from '../common/avatar.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { Icon } from '../common/icon.tsx';

/** The name of the conversation, and what one can do with it. */
export function ConversationHeader({ conversation }: { readonly conversation: Conversation }) {
  const app = useApp();
  const { overlays } = useSession();
  const { texts, times } = useLanguage();
  const { entry } = conversation;
  const content = conversation.content.value.value;
  if (entry === undefined) return null;
  const room = entry.key.id;
  return (
    <header class="conversation-header">
      <IconButton
        class="only-small"
        icon="back"
        label={texts.menu.back}
        onClick={() => app.router.go({ type: 'home' })}
      />
      {entry.direct ? (
        <DirectHeading entry={entry} />
      ) : (
        <div class="heading">
          <h2>
            <bdi>{entry.name}</bdi>
            {content?.open === false && <Icon name="lock" />}
          </h2>
          <span class="hint">{texts.conversation.members(entry.members_total)}</span>
        </div>
      )}
      <span class="tools">
        <IconButton icon="search" label={texts.find.search} onClick={() => app.shortcuts.search()} />
        <IconButton
          class="not-phone"
          icon="calendar"
          label={texts.find.toDate}
          onClick={() => {
            conversation.dayChoice.value = times.dayKey(Date.now());
          }}
        />
        <IconButton
          class="only-narrow"
          icon="people"
          label={texts.people.show}
          isExpanded={overlays.hasPeople.value}
          onClick={() => {
            overlays.hasPeople.value = true;
          }}
        />
        {!entry.direct && (
          <IconButton icon="more" label={texts.rooms.details} onClick={() => overlays.show({ type: 'room', room })} />
        )}
      </span>
    </header>
  );
}

/** The other person of a direct, and how it stands with this person. */
function DirectHeading({ entry }: { readonly entry: RoomEntry }) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const other = entry.members.find(({ key }) => key.id !== session.selfKey.id)?.key.id;
  const live = other === undefined ? undefined : session.people.get(other);
  const person = live?.value.value;
  const isGone = live !== undefined && live.error.value !== null;
  return (
    <button
      type="button"
      class="heading direct-heading"
      disabled={other === undefined || isGone}
      onClick={() => other !== undefined && app.router.go({ type: 'person', person: other })}
    >
      <Avatar picture={person?.picture} {...(person && { presence: person.presence })} />
      <span class="heading-words">
        <h2>
          <bdi>{entry.name}</bdi>
        </h2>
        {person !== undefined && (
          <span class="hint">
            {texts.people[person.presence]}
            {person.status !== null && (
              <>
                {' · '}
                <bdi>{person.status}</bdi>
              </>
            )}
          </span>
        )}
        {isGone && <span class="hint">{texts.people.gone}</span>}
      </span>
    </button>
  );
}
