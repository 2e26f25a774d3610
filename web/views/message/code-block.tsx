import { useState } from 'preact/hooks';
import { useLanguage } from '../common/context.ts';
import { copyText } from '../common/copy-text.ts';
import { IconButton } from '../common/icon-button.tsx';

/** Code on lines of its own, and a button that copies it. */
export function CodeBlock({ text }: { readonly text: string }) {
  const { texts } = useLanguage();
  const [isCopied, setCopied] = useState(false);
  const copy = () => {
    copyText(text);
    setCopied(true);
  };
  const label = isCopied ? texts.conversation.copied : texts.conversation.copy;
  return (
    <div class="block" onPointerLeave={() => setCopied(false)}>
      <pre dir="auto" tabIndex={0}>
        <code>{text}</code>
      </pre>
      <IconButton icon={isCopied ? 'check' : 'copy'} label={label} onClick={copy} />
    </div>
  );
}
