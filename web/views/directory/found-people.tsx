import { useEffect } from 'preact/hooks';
import { doubleNames, isDouble } from '../../model/people/doubles.ts';
import { failureText } from '../../state/failure-text.ts';
import { FoundByName } from '../../state/find/found-by-name.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { useStateOf } from '../common/use-state-of.ts';
import { PersonItem } from '../people/person-item.tsx';

/** The people who are found by name. */
export function FoundPeople({ text }: { readonly text: string }) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const found = useStateOf(() => new FoundByName(client, 'user'), [client]);
  useEffect(() => found.search(text), [found, text]);
  const { result } = found;
  const { error } = result.value;
  const users = result.value.found?.users ?? [];
  const doubles = doubleNames(users);
  return (
    <div role="status">
      <Problem text={error === null ? null : failureText(error, texts)} />
      {result.value.found !== null && users.length === 0 && <p class="hint">{texts.people.searchNone}</p>}
      <ul class="person-list">
        {users.map((person) => (
          <PersonItem key={person.key.id} person={person} isDouble={isDouble(doubles, person.display_name)} />
        ))}
      </ul>
    </div>
  );
}
