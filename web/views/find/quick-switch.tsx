import { useEffect, useId, useMemo } from 'preact/hooks';
import { type Destination, QuickSwitch } from '../../state/find/quick-switch.ts';
import { failureText } from '../../state/failure-text.ts';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Problem } from '../common/problem.tsx';
import { DestinationView } from './quick-switch-item.tsx';

/** Goes to a room or a person by a few letters of the name. */
export function QuickSwitchDialog() {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const list = useId();
  const state = useMemo(() => new QuickSwitch(session), [session]);
  const destinations = state.destinations.value;
  const chosen = state.chosen.value;
  const problem = state.problem.value;
  const close = () => {
    app.shortcuts.dialog.value = null;
  };
  const go = async (destination: Destination | undefined) => {
    const room = await state.roomOf(destination);
    if (room === null) return;
    close();
    app.router.go({ type: 'room', room });
  };
  useEffect(() => () => state.close(), [state]);
  useEffect(() => {
    document.getElementById(`${list}-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || event.keyCode === 229) return;
    const step = ({ ArrowDown: 1, ArrowUp: -1 } as const)[event.key];
    if (step === undefined && event.key !== 'Enter') return;
    event.preventDefault();
    if (step === undefined) void go(destinations[chosen]);
    else state.move(step);
  };
  return (
    <Dialog title={texts.find.switchTitle} onClose={close}>
      <input
        type="text"
        role="combobox"
        dir="auto"
        autocomplete="off"
        spellcheck={false}
        aria-label={texts.find.switchField}
        placeholder={texts.find.switchField}
        aria-expanded="true"
        aria-controls={list}
        aria-autocomplete="list"
        {...(destinations.length > 0 && { 'aria-activedescendant': `${list}-${chosen}` })}
        onInput={({ currentTarget }) => state.typed(currentTarget.value)}
        onKeyDown={pressed}
      />
      <Problem text={problem === null ? null : failureText(problem, texts)} />
      <div class="switch-list" id={list} role="listbox" aria-label={texts.find.switchTitle}>
        {destinations.map((destination, index) => (
          <button
            type="button"
            tabIndex={-1}
            key={keyOf(destination)}
            id={`${list}-${index}`}
            role="option"
            aria-selected={index === chosen}
            onPointerMove={() => {
              state.chosen.value = index;
            }}
            onClick={() => void go(destination)}
          >
            <DestinationView destination={destination} />
          </button>
        ))}
      </div>
      <p class={destinations.length === 0 ? 'hint' : 'hidden'} role="status">
        {destinations.length === 0 && texts.find.switchNothing}
      </p>
    </Dialog>
  );
}

function keyOf(destination: Destination): string {
  return destination.type === 'room' ? `room ${destination.entry.key.id}` : `person ${destination.person.key.id}`;
}
