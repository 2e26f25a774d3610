import { useState } from 'preact/hooks';
import { useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';

/** Where one gives a room another name. */
export function RoomNameForm({ room, name: before }: { readonly room: number; readonly name: string }) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const [name, setName] = useState(before);
  const { onSubmit, problem, isBusy } = useSubmit(() =>
    client.patch({ type: 'room', id: room }, { name: name.trim() }),
  ); // WEB-95
  return (
    <form class="form" onSubmit={onSubmit}>
      <TextField label={texts.rooms.name} value={name} onInput={setName} maxLength={64} required>
        <button type="submit" disabled={isBusy || name.trim() === before}>
          {texts.rooms.rename}
        </button>
      </TextField>
      <Problem text={problem} />
    </form>
  );
}
