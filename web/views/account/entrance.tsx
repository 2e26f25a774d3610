import { useState } from 'preact/hooks';
import type { DocumentsError } from '../../../src/protocols/documents/client.ts';
import type { Stage } from '../../state/app.ts';
import { useApp, useLanguage } from '../common/context.ts';
import { TextField } from '../common/text-field.tsx';

type Way = 'log-in' | 'sign-up' | 'guest';

/** Where one logs in, makes an account, or enters as a guest. */
export function Entrance({ stage }: { readonly stage: Exclude<Stage, { type: 'starting' | 'inside' }> }) {
  const app = useApp();
  const { texts } = useLanguage();
  const { facts } = app;
  const [way, setWay] = useState<Way>(facts.guests ? 'guest' : 'log-in');
  const ways: readonly (readonly [Way, string])[] = [
    ...(facts.guests ? [['guest', texts.entrance.guest] as const] : []),
    ['log-in', texts.entrance.logIn],
    ...(facts.registration === 'open' ? [['sign-up', texts.entrance.signUp] as const] : []),
  ];
  return (
    <main class="entrance">
      <h1>{texts.entrance.title(facts.name)}</h1>
      {facts.missingOption !== null && <p class="problem">{texts.entrance.missingOption(facts.missingOption)}</p>}
      {stage.type === 'unreachable' ? (
        <p role="status">{texts.entrance.unreachable}</p>
      ) : (
        <>
          <nav class="ways" aria-label={texts.entrance.title(facts.name)}>
            {ways.map(([name, label]) => (
              <button type="button" key={name} aria-pressed={way === name} onClick={() => setWay(name)}>
                {label}
              </button>
            ))}
          </nav>
          <EntranceForm key={way} way={way} name={stage.name} problem={stage.problem} />
          {facts.registration === 'closed' && <p class="hint">{texts.entrance.closed}</p>}
        </>
      )}
    </main>
  );
}

type FormProps = { readonly way: Way; readonly name: string; readonly problem: DocumentsError | null };

function EntranceForm({ way, name: firstName, problem: firstProblem }: FormProps) {
  const app = useApp();
  const { texts } = useLanguage();
  const [name, setName] = useState(firstName);
  const [password, setPassword] = useState('');
  const [displayName, setDisplayName] = useState('');
  const [problem, setProblem] = useState<string | null>(firstProblem?.message ?? null);
  const [isBusy, setBusy] = useState(false);
  const label = { 'log-in': texts.entrance.logIn, 'sign-up': texts.entrance.signUp, guest: texts.entrance.guest }[way];

  const enter = async () => {
    setBusy(true);
    setProblem(null);
    try {
      if (way === 'guest') await app.enterAsGuest(name.trim());
      else if (way === 'log-in') await app.logIn(name.trim(), password);
      else await app.signUp(name.trim(), password, displayName.trim());
    } catch (error) {
      setProblem(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void enter();
      }}
    >
      <TextField
        label={texts.entrance.name}
        value={name}
        onInput={setName}
        autocomplete="username"
        autofocus
        required
      />
      {way !== 'guest' && (
        <TextField
          label={texts.entrance.password}
          value={password}
          onInput={setPassword}
          type="password"
          autocomplete={way === 'sign-up' ? 'new-password' : 'current-password'}
          required
        />
      )}
      {way === 'sign-up' && (
        <TextField
          label={texts.entrance.displayName}
          value={displayName}
          onInput={setDisplayName}
          autocomplete="name"
        />
      )}
      {problem !== null && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
      <button type="submit" class="strong" disabled={isBusy}>
        {label}
      </button>
      {way === 'guest' && <p class="hint">{texts.entrance.guestHint}</p>}
    </form>
  );
}
