import { useState } from 'preact/hooks';
import type { PersonEntry } from '../../../src/protocols/documents/client.ts';
import { failureText } from '../../state/failure-text.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { PeoplePicker } from '../people/people-picker.tsx';
import { InvitationLinks } from './invitation-links.tsx';

type Props = { readonly room: number; readonly onClose: () => void };

/** Where one brings people into a room: those on the server at once, and others by a link. */
export function InviteDialog({ room, onClose }: Props) {
  const session = useSession();
  const { texts } = useLanguage();
  const [chosen, setChosen] = useState<readonly PersonEntry[]>([]);
  const [added, setAdded] = useState(0);
  const [refused, setRefused] = useState<readonly string[]>([]);
  const add = async (person: PersonEntry): Promise<string | null> => {
    try {
      await session.client.add({ type: 'members', id: room }, { key: person.key }); // WEB-96
      return null;
    } catch (error) {
      return texts.invitations.notAdded(person.display_name, failureText(error, texts));
    }
  };
  const { onSubmit, isBusy } = useSubmit(async () => {
    const outcomes = await Promise.all(chosen.map(add));
    setAdded(outcomes.filter((outcome) => outcome === null).length);
    setRefused(outcomes.filter((outcome) => outcome !== null));
    setChosen(chosen.filter((_, index) => outcomes[index] !== null));
  });
  return (
    <Dialog title={texts.invitations.title(session.entry(room)?.name ?? '')} onClose={onClose}>
      <section>
        <form class="form" onSubmit={onSubmit}>
          <PeoplePicker label={texts.invitations.people} chosen={chosen} onChange={setChosen} />
          {refused.map((text) => (
            <Problem key={text} text={text} />
          ))}
          <p role="status" class="hint">
            {added > 0 && texts.invitations.added(added)}
          </p>
          <footer>
            <button type="submit" class="strong" disabled={isBusy || chosen.length === 0}>
              {texts.invitations.add}
            </button>
          </footer>
        </form>
      </section>
      <InvitationLinks room={room} />
    </Dialog>
  );
}
