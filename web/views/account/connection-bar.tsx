import { useLanguage, useSession } from '../common/context.ts';

/** Says when there is no connection, and how much is not sent. */
export function ConnectionBar() {
  const { client, connection, outbox } = useSession();
  const { texts } = useLanguage();
  const isOffline = connection.value?.type === 'offline';
  const unsent = outbox.value.filter(({ state }) => state === 'waiting' || state === 'sending').length;
  const waiting = unsent > 0 ? ` ${texts.connection.waiting(unsent)}` : '';
  return (
    <div class="connection" role="status">
      {isOffline && (
        <p>
          <span>
            {texts.connection.offline}
            {waiting}
          </span>
          <button type="button" onClick={() => client.check()}>
            {texts.connection.tryNow}
          </button>
        </p>
      )}
    </div>
  );
}
