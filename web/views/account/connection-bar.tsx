import { useApp, useConnection, useLanguage, useSession } from '../common/context.ts';

/** Says how the connection is, and what is not sent. Its place is always there, so that nothing moves when it speaks. */
export function ConnectionBar() {
  const app = useApp();
  const { client, outbox } = useSession();
  const { texts } = useLanguage();
  const { status, unsent, stuck } = useConnection();
  const words = texts.connection;
  const { type } = status.value;
  const isOffline = type === 'no-network' || type === 'stopped' || type === 'lost';
  const state = {
    good: '',
    'no-network': words.noNetwork,
    stopped: words.stopped,
    lost: words.lost,
    back: words.back,
    sending: words.sending(unsent.value),
  }[type];
  const first = outbox.value.find((one) => one.state === 'unknown' || one.state === 'refused');
  const isShown = app.router.route.value.type === 'room' && first?.room.id === roomOf(app.router.route.value);
  return (
    <div class="connection" data-state={type}>
      <p role="status">
        {state}
        {isOffline && unsent.value > 0 && ` ${words.waiting(unsent.value)}`}
        {type === 'good' && first !== undefined && !isShown && words.stuck(stuck.value)}
      </p>
      {isOffline && (
        <button type="button" class="link" onClick={() => client.check()}>
          {words.tryNow}
        </button>
      )}
      {type === 'good' && first !== undefined && !isShown && (
        <button type="button" class="link" onClick={() => app.router.go({ type: 'room', room: first.room.id })}>
          {words.show}
        </button>
      )}
    </div>
  );
}

function roomOf(route: { readonly type: string; readonly room?: number }): number | undefined {
  return route.room;
}
