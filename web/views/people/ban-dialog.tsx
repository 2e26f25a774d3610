import { useState } from 'preact/hooks';
import { type Duration, endAfter } from '../../model/people/durations.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { SelectField } from '../settings/select-field.tsx';
import { durationTexts } from './duration-texts.ts';

type Props = {
  readonly room: number;
  readonly roomName: string;
  readonly person: number;
  readonly name: string;
  readonly onClose: () => void;
};

/** Where one keeps a person from a room, for how long and why. */
export function BanDialog({ room, roomName, person, name, onClose }: Props) {
  const { client } = useSession();
  const { texts } = useLanguage();
  const words = texts.people;
  const [duration, setDuration] = useState<Duration>('day');
  const [reason, setReason] = useState('');
  const { onSubmit, problem, isBusy } = useSubmit(async () => {
    const until = endAfter(duration, Date.now());
    await client.ban({
      room: { type: 'room', id: room },
      person: { type: 'user', id: person },
      ...(until !== null && { until }),
      ...(reason.trim() !== '' && { reason: reason.trim() }),
    }); // WEB-99
    onClose();
  });
  return (
    <Dialog title={words.banTitle(name, roomName)} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <p>{words.banHint}</p>
        <SelectField label={words.banFor} value={duration} options={durationTexts(words)} onChange={setDuration} />
        <TextField label={words.reason} value={reason} onInput={setReason} maxLength={256} />
        <Problem text={problem} />
        <footer>
          <button type="button" onClick={onClose}>
            {words.cancel}
          </button>
          <button type="submit" class="strong" disabled={isBusy}>
            {words.ban}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
