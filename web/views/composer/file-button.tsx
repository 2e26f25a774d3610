import { useRef } from 'preact/hooks';
import { useLanguage } from '../common/context.ts';
import { IconButton } from '../common/icon-button.tsx';

/** Lets one choose files. */
export function FileButton({ onFiles }: { readonly onFiles: (files: File[]) => void }) {
  const { texts } = useLanguage();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          // The same file can be chosen again.
          currentTarget.value = '';
        }}
      />
      <IconButton icon="file" label={texts.composer.file} onClick={() => input.current?.click()} />
    </>
  );
}
