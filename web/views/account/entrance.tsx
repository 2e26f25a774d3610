import { useState } from 'preact/hooks';
import type { Farewell, Stage } from '../../state/app.ts';
import { failureText } from '../../state/failure-text.ts';
import type { Texts } from '../../text/en.ts';
import { PasswordField } from './password-field.tsx';
import { useApp, useLanguage } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';
import { TextField } from '../common/text-field.tsx';
import { useSubmit } from '../common/use-submit.ts';

type Way = 'guest' | 'log-in' | 'sign-up';
type EntranceStage = Extract<Stage, { type: 'entrance' }>;
const UNAUTHORIZED = 401;

/** Where one logs in, makes an account, or enters as a guest. */
export function Entrance({ stage }: { readonly stage: Exclude<Stage, { type: 'starting' | 'inside' }> }) {
  const { facts } = useApp();
  const { texts } = useLanguage();
  return (
    <main class="entrance">
      <div class="entrance-card">
        <h1 dir="auto">{texts.entrance.title(facts.name)}</h1>
        {facts.missingOption !== null && <p class="problem">{texts.entrance.missingOption(facts.missingOption)}</p>}
        {stage.type === 'unreachable' ? <Unreachable unsent={stage.unsent} /> : <Ways stage={stage} />}
      </div>
    </main>
  );
}

function Unreachable({ unsent }: { readonly unsent: number }) {
  const app = useApp();
  const { texts } = useLanguage();
  return (
    <>
      <p role="status">
        {texts.entrance.unreachable} {unsent > 0 && texts.entrance.kept(unsent)}
      </p>
      <p class="hint">{texts.entrance.unreachableHint}</p>
      <button type="button" onClick={() => app.tryNow()}>
        {texts.connection.tryNow}
      </button>
    </>
  );
}

function Ways({ stage }: { readonly stage: EntranceStage }) {
  const app = useApp();
  const { facts } = app;
  const { texts } = useLanguage();
  const { farewell, name, wasGuest } = stage;
  const [way, setWay] = useState<Way>(facts.guests && wasGuest ? 'guest' : 'log-in');
  const ways: readonly (readonly [Way, string])[] = [
    ...(facts.guests ? [['guest', texts.entrance.guestShort] as const] : []),
    ['log-in', texts.entrance.logIn],
    ...(facts.registration === 'open' ? [['sign-up', texts.entrance.signUpShort] as const] : []),
  ];
  return (
    <>
      {app.router.route.value.type === 'invitation' && <p>{texts.invitations.enterFirst}</p>}
      {farewell !== null && <p class="farewell">{farewellText(farewell, texts)}</p>}
      {ways.length > 1 && (
        <div class="ways" role="group" aria-label={texts.entrance.ways}>
          {ways.map(([one, label]) => (
            <button type="button" key={one} aria-pressed={way === one} onClick={() => setWay(one)}>
              {label}
            </button>
          ))}
        </div>
      )}
      <EntranceForm key={way} way={way} name={name} />
      {facts.registration === 'closed' && <p class="hint">{texts.entrance.closed}</p>}
    </>
  );
}

function EntranceForm({ way, name: firstName }: { readonly way: Way; readonly name: string }) {
  const app = useApp();
  const { texts } = useLanguage();
  const [name, setName] = useState(firstName);
  const [password, setPassword] = useState('');
  const [displayName, setDisplayName] = useState('');
  const label = { 'log-in': texts.entrance.logIn, 'sign-up': texts.entrance.signUp, guest: texts.entrance.guest }[way];
  const { onSubmit, problem, isBusy } = useSubmit(() => {
    const trimmed = name.trim();
    if (way === 'guest') return app.enterAsGuest(trimmed);
    return way === 'log-in' ? app.logIn(trimmed, password) : app.signUp(trimmed, password, displayName.trim());
  });
  return (
    <form class="form" onSubmit={onSubmit}>
      <TextField
        label={texts.entrance.name}
        value={name}
        onInput={setName}
        name="username"
        autocomplete={way === 'guest' ? 'nickname' : 'username'}
        {...(way === 'sign-up' && { hint: texts.entrance.nameHint })}
        autofocus={firstName === '' || way === 'guest'}
        required
      />
      {way !== 'guest' && (
        <PasswordField
          label={texts.entrance.password}
          value={password}
          onInput={setPassword}
          kind={way === 'sign-up' ? 'new' : 'current'}
          autofocus={firstName !== ''}
        />
      )}
      {way === 'sign-up' && (
        <TextField
          label={texts.entrance.displayName}
          value={displayName}
          onInput={setDisplayName}
          name="name"
          autocomplete="name"
          maxLength={64}
        />
      )}
      <Problem text={problem} />
      <button type="submit" class="strong" disabled={isBusy}>
        {label}
      </button>
      {way === 'guest' && <p class="hint">{texts.entrance.guestHint}</p>}
    </form>
  );
}

function farewellText(farewell: Farewell, texts: Texts): string {
  switch (farewell.type) {
    case 'refused':
      return farewell.error.status === UNAUTHORIZED ? texts.entrance.loginEnded : failureText(farewell.error, texts);
    case 'logged-out-elsewhere':
      return texts.entrance.loggedOutElsewhere;
    case 'deleted':
      return texts.entrance.deleted;
  }
}
