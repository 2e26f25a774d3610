import { useSignalEffect } from '@preact/signals';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ComposerState } from '../../state/writing/composer-state.ts';
import type { Conversation } from '../../state/conversation.ts';
import { ComposerProblem } from './composer-problem.tsx';
import { ComposerPurpose } from './composer-purpose.tsx';
import { ComposerUploads } from './composer-uploads.tsx';
import { useApp, useLanguage, useSession } from '../common/context.ts';
import { EmojiButton } from './emoji-button.tsx';
import { fitHeight, insertAtCursor, isSendKey } from './field.ts';
import { FileButton } from './file-button.tsx';
import { IconButton } from '../common/icon-button.tsx';
import { MentionList } from './mention-list.tsx';
import { useMostFileBytes } from './use-most-file-bytes.ts';
import { useMentions } from './use-mentions.ts';
import { useTypingAnywhere } from './use-typing-anywhere.ts';

type Props = { readonly conversation: Conversation; readonly composer: ComposerState };

/** Where one writes. The field keeps its own text, so that the browser can undo. */
export function Composer({ conversation, composer }: Props) {
  const app = useApp();
  const session = useSession();
  const { texts } = useLanguage();
  const field = useRef<HTMLTextAreaElement>(null);
  const name = conversation.entry?.name ?? '';
  const { value: shown } = composer.shown;
  const isEdit = composer.purpose.value.type === 'edit';
  const { sendKey } = app.preferences.value;
  const most = useMostFileBytes();
  const [cursor, setCursor] = useState(0);
  const mentions = useMentions(conversation, field, cursor);

  useLayoutEffect(() => {
    const { current } = field;
    if (current === null) return;
    if (current.value !== composer.text) current.value = composer.text;
    fitHeight(current);
  }, [composer, shown]);
  useEffect(() => {
    // On touch the focus would open the keyboard, so only an act of the person gives it.
    if (!matchMedia('(pointer: coarse)').matches) field.current?.focus(); // WEB-68
  }, [composer]);
  useSignalEffect(() => {
    if (composer.focusWanted.value > 0) field.current?.focus();
  });
  useSignalEffect(() => {
    if (session.drafts.changed.value?.room === conversation.key.id) composer.changedElsewhere();
  });
  useTypingAnywhere(field, (files) => composer.attach(files, most));

  const submit = () => {
    const { current } = field;
    if (current === null) return;
    const isNew = !isEdit;
    if (!composer.submit(current.value)) return;
    if (isNew) {
      conversation.toEnd();
      conversation.newFrom.value = null;
    }
    current.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    const { current } = field;
    if (current === null || mentions.pressed(event)) return;
    if (isSendKey(event, sendKey)) {
      event.preventDefault();
      submit();
    } else if (event.key === 'ArrowUp' && current.value === '' && composer.purpose.value.type === 'new') {
      const own = conversation.messages.value.findLast((message) => conversation.isOwn(message));
      if (own === undefined) return;
      event.preventDefault();
      composer.edit(own); // WEB-63
    } else if (event.key === 'Escape' && composer.purpose.value.type !== 'new') {
      event.preventDefault();
      event.stopPropagation();
      composer.cancel(); // WEB-63
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
      <ComposerProblem composer={composer} most={most} />
      <ComposerUploads composer={composer} />
      <MentionList mentions={mentions} />
      <div class="row">
        {most > 0 && !isEdit && <FileButton onFiles={(files) => composer.attach(files, most)} />}
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          aria-label={texts.composer.label(name)}
          placeholder={texts.composer.placeholder(name)}
          enterkeyhint={sendKey === 'enter' ? 'send' : 'enter'}
          {...mentions.attributes}
          onInput={({ currentTarget }) => {
            fitHeight(currentTarget);
            composer.typed(currentTarget.value);
            setCursor(currentTarget.selectionStart);
          }}
          onSelect={({ currentTarget }) => setCursor(currentTarget.selectionStart)}
          onBlur={() => setCursor(0)}
          onKeyDown={pressed}
          onPaste={(event) => {
            const files = [...(event.clipboardData?.files ?? [])];
            if (files.length === 0 || most === 0) return;
            event.preventDefault();
            composer.attach(files, most);
          }}
        />
        <EmojiButton onEmoji={(emoji) => field.current !== null && insertAtCursor(field.current, emoji)} />
        <IconButton
          icon={isEdit ? 'check' : 'send'}
          label={isEdit ? texts.composer.save : texts.composer.send}
          onClick={submit}
          class="strong"
          disabled={composer.over.value > 0}
        />
      </div>
    </form>
  );
}
