import type { OutboxMessage } from '../../../src/protocols/documents/client.ts';
import { unsentText } from '../../state/failure-text.ts';
import type { ComposerState } from '../../state/composer-state.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { MessageText } from '../message/message-text.tsx';

type Props = { readonly message: OutboxMessage; readonly composer: ComposerState };

/** A message that the server has not acknowledged. */
export function UnsentRow({ message, composer }: Props) {
  const { client, self, name, connection } = useSession();
  const { texts } = useLanguage();
  const { id, text, state } = message;
  const isStuck = state === 'unknown' || state === 'refused';
  const isOnline = connection.value?.type === 'connected';
  const words = {
    waiting: isOnline ? texts.message.sending : texts.message.waiting,
    sending: texts.message.sending,
    unknown: texts.message.unknown,
    refused: texts.message.refused(unsentText(message, texts)),
  }[state];
  return (
    <li class="message is-unsent" data-first="true" data-state={state}>
      <span class="sender">
        <bdi>{self.value.value?.display_name ?? name}</bdi>
      </span>
      <MessageText text={text} font={undefined} />
      <span class="after" role={isStuck ? 'alert' : undefined}>
        {words}
      </span>
      {isStuck && (
        <span class="choices">
          <button type="button" onClick={() => void client.outbox.sendAgain(id).catch(() => {})}>
            {texts.message.again}
          </button>
          <button type="button" onClick={() => composer.takeBack(message)}>
            {texts.message.toDraft}
          </button>
          <button type="button" onClick={() => client.outbox.drop(id)}>
            {texts.message.drop}
          </button>
        </span>
      )}
    </li>
  );
}
