import type { KeyOf, ViewName } from '../../../src/protocols/documents/client.ts';
import { type ListType, PagedList } from '../../state/people/paged-list.ts';
import { useSession } from '../common/context.ts';
import { useStateOf } from '../common/use-state-of.ts';
import { PersonList } from '../people/person-list.tsx';

type Props = { readonly listKey: KeyOf<ListType>; readonly view: ViewName; readonly empty: string };

/** The children of one document of the directory. */
export function ListView({ listKey, view, empty }: Props) {
  const { client } = useSession();
  const list = useStateOf(() => new PagedList(client, listKey, view), [client, listKey.type, listKey.id, view]);
  return <PersonList list={list} empty={empty} />;
}
