import { useId, useState } from 'preact/hooks';
import type { PersonEntry } from '../../../src/protocols/documents/client.ts';
import { failureText } from '../../state/failure-text.ts';
import { FoundByName } from '../../state/find/found-by-name.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';
import { Problem } from '../common/problem.tsx';
import { SearchField } from '../common/search-field.tsx';
import { useStateOf } from '../common/use-state-of.ts';

type Props = {
  readonly label: string;
  readonly chosen: readonly PersonEntry[];
  readonly onChange: (chosen: readonly PersonEntry[]) => void;
};

/** Where one chooses people with accounts by their names. */
export function PeoplePicker({ label, chosen, onChange }: Props) {
  const { client, selfKey } = useSession();
  const { texts } = useLanguage();
  const id = useId();
  const [text, setText] = useState('');
  const found = useStateOf(() => new FoundByName(client, 'user'), [client]);
  const { error, found: answer } = found.result.value;
  const search = (next: string) => {
    setText(next);
    found.search(next);
  };
  const isChosen = (person: PersonEntry) => chosen.some(({ key }) => key.id === person.key.id);
  const others = answer?.users.filter((person) => person.key.id !== selfKey.id && !isChosen(person)) ?? [];
  return (
    <div class="picker" role="group" aria-labelledby={id}>
      <span class="label" id={id}>
        {label}
      </span>
      {chosen.length > 0 && (
        <ul class="chosen" aria-label={texts.people.chosen}>
          {chosen.map((person) => (
            <li key={person.key.id}>
              <button
                type="button"
                aria-label={texts.people.remove(person.display_name)}
                onClick={() => onChange(chosen.filter((one) => one !== person))}
              >
                <bdi class="name">{person.display_name}</bdi>
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <SearchField label={texts.people.search} value={text} onInput={search} />
      <Problem text={error === null ? null : failureText(error, texts)} />
      <div role="status">
        {answer !== null && others.length === 0 && <p class="hint">{texts.people.searchNone}</p>}
        <ul class="found">
          {others.map((person) => (
            <FoundPerson
              key={person.key.id}
              person={person}
              onChoose={() => {
                onChange([...chosen, person]);
                search('');
              }}
            />
          ))}
        </ul>
      </div>
    </div>
  );
}

type FoundProps = { readonly person: PersonEntry; readonly onChoose: () => void };

/** A person who was found; guests cannot be chosen. */
function FoundPerson({ person, onChoose }: FoundProps) {
  const session = useSession();
  const { texts } = useLanguage();
  const user = session.people.get(person.key.id).value.value;
  return (
    <li>
      <button type="button" class="person-item" disabled={user?.guest === true} onClick={onChoose}>
        <Avatar picture={person.picture} presence={person.presence} />
        <span class="name">
          <bdi>{person.display_name}</bdi> <bdi class="username">{user !== undefined && `@${user.username}`}</bdi>
        </span>
        {user?.guest === true && <span class="tag">{texts.people.guest}</span>}
      </button>
    </li>
  );
}
