import { useState } from 'preact/hooks';
import type { User } from '../../../src/protocols/documents/client.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';
import { PictureField } from './picture-field.tsx';
import { SelectField } from './select-field.tsx';

const LONGEST = 64;

/** Who one is for others. */
export function ProfileSection() {
  const { self } = useSession();
  const { texts } = useLanguage();
  const { value } = self.value;
  if (value === undefined) return null;
  return (
    <section>
      <h2>{texts.settings.profile}</h2>
      {value.guest ? <p class="hint">{texts.settings.guestProfile}</p> : <PictureField picture={value.picture} />}
      <ProfileForm self={value} />
    </section>
  );
}

function ProfileForm({ self }: { readonly self: User }) {
  const { client, selfKey } = useSession();
  const { texts } = useLanguage();
  const words = texts.settings;
  const [changes, setChanges] = useState<Partial<User>>({});
  const [isSaved, setSaved] = useState(false);
  const shown = { ...self, ...changes };
  const change = (more: Partial<User>) => {
    setSaved(false);
    setChanges({ ...changes, ...more });
  };
  const { onSubmit, problem, isBusy } = useSubmit(async () => {
    setSaved(false);
    // Only what is another one now: somebody may have changed the rest elsewhere.
    const fields = Object.entries(changes).filter(([name, value]) => self[name as keyof User] !== value);
    if (fields.length > 0) await client.patch(selfKey, Object.fromEntries(fields));
    setChanges({});
    setSaved(true);
  });
  return (
    <form class="form" onSubmit={onSubmit}>
      {!self.guest && (
        <>
          <TextField
            label={words.displayName}
            value={shown.display_name}
            onInput={(name) => change({ display_name: name })}
            autocomplete="off"
            maxLength={LONGEST}
            required
          />
          <div class="pair">
            <TextField
              label={words.firstName}
              value={shown.first_name ?? ''}
              onInput={(name) => change({ first_name: orNull(name) })}
              autocomplete="given-name"
              maxLength={LONGEST}
            />
            <TextField
              label={words.lastName}
              value={shown.last_name ?? ''}
              onInput={(name) => change({ last_name: orNull(name) })}
              autocomplete="family-name"
              maxLength={LONGEST}
            />
          </div>
        </>
      )}
      <div class="pair">
        <SelectField
          label={words.presence}
          value={shown.presence}
          options={{
            online: texts.account.online,
            away: texts.account.away,
            busy: texts.account.busy,
            offline: texts.account.invisible,
          }}
          onChange={(presence) => change({ presence })}
          hint={words.presenceHint}
        />
        <TextField
          label={words.status}
          value={shown.status ?? ''}
          onInput={(status) => change({ status: orNull(status) })}
          autocomplete="off"
          maxLength={LONGEST}
        />
      </div>
      <Problem text={problem} />
      <footer>
        <p role="status">{isSaved && words.saved}</p>
        <button type="submit" class="strong" disabled={isBusy || Object.keys(changes).length === 0}>
          {words.save}
        </button>
      </footer>
    </form>
  );
}

function orNull(text: string): string | null {
  return text === '' ? null : text;
}
