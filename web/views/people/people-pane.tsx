import { useEffect, useRef, useState } from 'preact/hooks';
import { invites } from '../../model/people/rank.ts';
import { PagedList } from '../../state/people/paged-list.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';
import { SearchField } from '../common/search-field.tsx';
import { useStateOf } from '../common/use-state-of.ts';
import { useOwnRole } from '../rooms/use-own-role.ts';
import { PersonList } from './person-list.tsx';

/** In shorter lists one finds people by looking. */
const FILTER_FROM = 20;

/** The members of a room, those who are here first: a column, or on a smaller screen above the conversation when it is wanted. */
export function PeoplePane({ room }: { readonly room: number }) {
  const session = useSession();
  const { texts } = useLanguage();
  const { client, overlays } = session;
  const list = useStateOf(() => new PagedList(client, { type: 'members', id: room }, 'asc_pres_first'), [client, room]);
  const [filter, setFilter] = useState('');
  const pane = useRef<HTMLElement>(null);
  const role = useOwnRole(room);
  const isOpen = session.conversation(room).content.value.value?.open === true;
  const isShown = overlays.hasPeople.value;
  const close = () => {
    overlays.hasPeople.value = false;
  };

  useEffect(() => close, [room]);
  useEffect(() => {
    if (!isShown) return;
    const before = document.activeElement;
    pane.current?.querySelector<HTMLElement>('button')?.focus();
    const escaped = ({ key }: KeyboardEvent) => {
      // In a dialog above it, the key belongs to the dialog.
      if (key === 'Escape' && document.querySelector('dialog[open]') === null) close(); // WEB-105
    };
    document.addEventListener('keydown', escaped);
    return () => {
      document.removeEventListener('keydown', escaped);
      if (before instanceof HTMLElement && before.isConnected) before.focus(); // WEB-105
    };
  }, [isShown]);

  return (
    <>
      {isShown && <div class="scrim" role="presentation" onPointerDown={close} />}
      <aside class="people" aria-label={texts.people.title} data-shown={isShown} ref={pane}>
        <header>
          <h2>{texts.menu.people}</h2>
          {invites(role, isOpen) && (
            <IconButton
              icon="plus"
              label={texts.rooms.invite}
              onClick={() => overlays.show({ type: 'invite', room })}
            />
          )}
          <IconButton class="only-narrow" icon="close" label={texts.people.hide} onClick={close} />
        </header>
        {(list.total.value ?? 0) > FILTER_FROM && (
          <SearchField label={texts.people.filter} value={filter} onInput={setFilter} />
        )}
        <PersonList list={list} filter={filter} />
      </aside>
    </>
  );
}
