import { useState } from 'preact/hooks';
import { failureText } from '../../state/failure-text.ts';
import { FoundByName } from '../../state/find/found-by-name.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Icon } from '../common/icon.tsx';
import { Problem } from '../common/problem.tsx';
import { SearchField } from '../common/search-field.tsx';
import { useAct } from '../common/use-act.ts';
import { useStateOf } from '../common/use-state-of.ts';

/** Where one finds rooms by their names and joins them. */
export function FindRoomDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const { client } = useSession();
  const { texts } = useLanguage();
  const [text, setText] = useState('');
  const found = useStateOf(() => new FoundByName(client, 'room'), [client]);
  const { problem, act } = useAct();
  const { found: answer, error } = found.result.value;
  const rooms = answer?.rooms.filter(({ direct }) => !direct) ?? [];
  const enter = (room: number, isJoined: boolean) =>
    act(async () => {
      if (!isJoined) await client.add(client.keys.rooms, { key: { type: 'room', id: room } }); // WEB-93
      onClose();
      app.router.go({ type: 'room', room });
    });
  return (
    <Dialog title={texts.rooms.find} onClose={onClose}>
      <SearchField
        label={texts.rooms.findName}
        value={text}
        onInput={(next) => {
          setText(next);
          found.search(next);
        }}
      />
      <Problem text={error === null ? problem : failureText(error, texts)} />
      <div role="status">
        {answer === null && <p class="hint">{texts.rooms.findHint}</p>}
        {answer !== null && rooms.length === 0 && <p class="hint">{texts.rooms.foundNone}</p>}
        <ul class="found">
          {rooms.map(({ key, name, groupname, joined }) => (
            <li class="found-room" key={key.id}>
              <Icon name="room" />
              <span class="name">
                <bdi>{name}</bdi>{' '}
                {groupname !== undefined && groupname !== name && <bdi class="username">{groupname}</bdi>}
              </span>
              <button type="button" onClick={() => void enter(key.id, joined)}>
                {joined ? texts.rooms.joined : texts.rooms.join} <bdi class="hidden">{name}</bdi>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </Dialog>
  );
}
