import { useId, useState } from 'preact/hooks';
import type { PersonEntry } from '../../../src/protocols/documents/client.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { PeoplePicker } from '../people/people-picker.tsx';

/** Where one makes a room. */
export function CreateRoomDialog({ onClose }: { readonly onClose: () => void }) {
  const app = useApp();
  const { client } = useSession();
  const { texts } = useLanguage();
  const kind = useId();
  const [name, setName] = useState('');
  const [isOpen, setOpen] = useState(false);
  const [chosen, setChosen] = useState<readonly PersonEntry[]>([]);
  const { onSubmit, problem, isBusy } = useSubmit(async () => {
    const members = chosen.map(({ key }) => ({ key }));
    const key = await client.add(client.keys.rooms, {
      key: { type: 'room' },
      name: name.trim(),
      open: isOpen,
      members,
    }); // WEB-92
    onClose();
    app.router.go({ type: 'room', room: key.id });
  });
  return (
    <Dialog title={texts.rooms.create} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <TextField label={texts.rooms.name} value={name} onInput={setName} maxLength={64} autofocus required />
        <fieldset>
          <legend>{texts.rooms.kind}</legend>
          {[false, true].map((one) => (
            <label class="check" key={String(one)}>
              <input type="radio" name={kind} checked={isOpen === one} onChange={() => setOpen(one)} />
              {one ? texts.rooms.open : texts.rooms.closed}
            </label>
          ))}
        </fieldset>
        <PeoplePicker label={texts.rooms.invitePeople} chosen={chosen} onChange={setChosen} />
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={onClose}>
            {texts.people.cancel}
          </button>
          <button type="submit" class="strong" disabled={isBusy}>
            {texts.rooms.make}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
