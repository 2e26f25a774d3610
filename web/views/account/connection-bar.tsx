import { offlineWords } from './connection-words.ts';
import { useApp, useConnection, useLanguage, useSession } from '../common/context.ts';

/** Says how the connection is, and what is not sent. Its place is always there, so that nothing moves when it speaks. */
export function ConnectionBar() {
  const app = useApp();
  const { client, outbox } = useSession();
  const { texts } = useLanguage();
  const { status, unsent, stuck } = useConnection();
  const words = texts.connection;
  const { type } = status.value;
  const offline = offlineWords(status.value, texts);
  const first = outbox.value.find((one) => one.state === 'unknown' || one.state === 'refused');
  const isShown = app.router.route.value.type === 'room' && first?.room.id === roomOf(app.router.route.value);
  return (
    <div class="connection" data-state={type}>
      <p role="status">
        {offline}
        {offline !== null && unsent.value > 0 && <span class="more"> {words.waiting(unsent.value)}</span>}
        {type === 'back' && words.back}
        {type === 'sending' && words.sending(unsent.value)}
        {type === 'good' && first !== undefined && !isShown && words.stuck(stuck.value)}
      </p>
      {offline !== null && (
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
