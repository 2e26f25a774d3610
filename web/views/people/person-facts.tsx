import type { User } from '../../../src/protocols/documents/client.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage } from '../common/context.ts';

type Props = { readonly user: User; readonly isSelf: boolean };

/** Who somebody is, and how it stands with this person. */
export function PersonFacts({ user, isSelf }: Props) {
  const { texts } = useLanguage();
  const names = [user.first_name, user.last_name].filter((name) => name !== null).join(' ');
  return (
    <div class="person-facts">
      <Avatar picture={user.picture} presence={user.presence} />
      <div>
        <p>
          <bdi class="username">@{user.username}</bdi>
          {user.guest && <span class="tag">{texts.people.guest}</span>}
          {isSelf && <span class="tag">{texts.people.you}</span>}
        </p>
        {names !== '' && <p dir="auto">{names}</p>}
        <p>
          {texts.people[user.presence]}
          {user.status !== null && (
            <>
              {' · '}
              <bdi>{user.status}</bdi>
            </>
          )}
        </p>
      </div>
    </div>
  );
}
