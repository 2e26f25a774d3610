import type { UnsentMessage } from '../../model/rows.ts';
import type { ComposerState } from '../../state/writing/composer-state.ts';
import { unsentText } from '../../state/failure-text.ts';
import { Upload } from '../../state/writing/upload.ts';
import { Avatar } from '../common/avatar.tsx';
import { useLanguage, useSession } from '../common/context.ts';
import { MessageText } from '../message/message-text.tsx';
import { UploadView } from '../composer/upload-view.tsx';

type Props = { readonly message: UnsentMessage; readonly isFirst: boolean; readonly composer: ComposerState };

/** One's own message that is not on a page yet: it looks like the others, so that nothing moves when it is there. */
export function UnsentRow({ message, isFirst, composer }: Props) {
  const { client, self, name, connection, outgoing } = useSession();
  const { texts } = useLanguage();
  const { id, text, state } = message;
  const upload = state === 'queued' ? outgoing.queue.value.find((one) => one.id === id)?.upload : null;
  const isStuck = state === 'unknown' || state === 'refused';
  const isOnline = connection.value?.type === 'connected';
  const words = {
    waiting: isOnline ? texts.message.sending : texts.message.waiting,
    sending: isOnline ? texts.message.sending : texts.message.waiting,
    queued: texts.message.queued,
    posted: '',
    unknown: texts.message.unknown,
    refused: texts.message.refused(unsentText(message, texts)),
  }[state];
  const toDraft = () => {
    const queued = outgoing.take(id);
    const waiting = [...client.outbox].find((one) => one.id === id);
    if (queued !== null) composer.takeBack(queued, queued.upload);
    else if (waiting !== undefined && client.outbox.drop(id))
      composer.takeBack(waiting, message.file === undefined ? null : Upload.done(message.file)); // WEB-64
  };
  const drop = () => {
    if (state === 'queued') outgoing.take(id)?.upload?.cancel();
    else client.outbox.drop(id);
  };
  return (
    <li class="message is-unsent" data-first={isFirst} data-state={state} data-online={isOnline}>
      {isFirst && <Avatar picture={self.value.value?.picture} />}
      <span class={isFirst ? 'sender' : 'sender hidden'}>
        <bdi>{self.value.value?.display_name ?? name}</bdi>
      </span>
      {text !== '' && <MessageText text={text} />}
      {upload && <UploadView upload={upload} onRemove={drop} />}
      {message.file !== undefined && (
        <p class="hint">
          <bdi>{message.file.name}</bdi>
        </p>
      )}
      <span class="after" role={isStuck ? 'alert' : undefined}>
        {words}
      </span>
      {(isStuck || state === 'waiting' || state === 'queued') && (
        <span class="choices">
          {isStuck && (
            <button type="button" onClick={() => void client.outbox.sendAgain(id).catch(() => {})}>
              {texts.message.again}
            </button>
          )}
          {(isStuck || !isOnline || state === 'queued') && (
            <>
              <button type="button" onClick={toDraft}>
                {texts.message.toDraft}
              </button>
              <button type="button" onClick={drop}>
                {texts.message.drop}
              </button>
            </>
          )}
        </span>
      )}
    </li>
  );
}
