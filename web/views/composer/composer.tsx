import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { ComposerState } from '../../state/composer-state.ts';
import type { Conversation } from '../../state/conversation.ts';
import { ComposerPurpose } from './composer-purpose.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { fitHeight, isSendKey } from './field.ts';
import { IconButton } from '../common/icon-button.tsx';

type Props = { readonly conversation: Conversation; readonly composer: ComposerState };

/** Where one writes. The field keeps its own text, so that the browser can undo. */
export function Composer({ conversation, composer }: Props) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const field = useRef<HTMLTextAreaElement>(null);
  const name = conversation.entry?.name ?? '';
  const text = composer.text.value;
  const purpose = composer.purpose.value;
  const isTouch = matchMedia('(pointer: coarse)').matches;

  useLayoutEffect(() => {
    const { current } = field;
    if (current === null || current.value === text.value) return;
    current.value = text.value;
    fitHeight(current);
  }, [text]);
  useEffect(() => {
    // On touch a focus would open the keyboard, so only an act of the person gives it.
    if (!isTouch || purpose.type !== 'new') field.current?.focus();
  }, [purpose]);

  const submit = () => {
    const { current } = field;
    if (current === null || !composer.submit(current.value)) return;
    conversation.toEnd();
    conversation.newFrom.value = null;
    current.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    const { current } = field;
    if (current === null) return;
    if (isSendKey(event, app.preferences.value.sendKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && current.value === '' && purpose.type === 'new') {
      const own = conversation.messages.value.findLast(
        (message) => !('deleted' in message) && message.sender.key.id === session.selfKey.id,
      );
      if (own === undefined) return;
      event.preventDefault();
      composer.edit(own);
    } else if (event.key === 'Escape' && purpose.type !== 'new') {
      event.preventDefault();
      event.stopPropagation();
      composer.cancel();
    }
  };

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <ComposerPurpose composer={composer} room={conversation.key.id} />
      {composer.problem.value !== null && (
        <p class="problem" role="alert">
          {texts.problem(composer.problem.value)}
        </p>
      )}
      <div class="row">
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={texts.composer.label(name)}
          placeholder={texts.composer.placeholder(name)}
          enterkeyhint={app.preferences.value.sendKey === 'enter' ? 'send' : 'enter'}
          onInput={({ currentTarget }) => {
            fitHeight(currentTarget);
            composer.typed(currentTarget.value);
          }}
          onKeyDown={pressed}
        />
        <IconButton
          icon={purpose.type === 'edit' ? 'check' : 'send'}
          label={purpose.type === 'edit' ? texts.composer.save : texts.composer.send}
          onClick={submit}
          class="strong"
        />
      </div>
    </form>
  );
}
