import type { Conversation } from '../../state/conversation.ts';
import { useLanguage } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';

/** Says why what one wanted to see in a room is not shown. */
export function Notice({ conversation }: { readonly conversation: Conversation }) {
  const { texts } = useLanguage();
  const notice = conversation.notice.value;
  return (
    <div class="notice" role="status">
      {notice !== null && (
        <p>
          <span>{notice.type === 'missing' ? texts.find.missing : texts.find.noneThatDay}</span>
          <IconButton
            icon="close"
            label={texts.find.hide}
            onClick={() => {
              conversation.notice.value = null;
            }}
          />
        </p>
      )}
    </div>
  );
}
