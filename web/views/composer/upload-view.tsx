import { useEffect, useMemo } from 'preact/hooks';
import type { Upload } from '../../state/writing/upload.ts';
import { useLanguage } from '../common/context.ts';
import { Icon } from '../common/icon.tsx';
import { IconButton } from '../common/icon-button.tsx';

type Props = { readonly upload: Upload; readonly onRemove: () => void };

/** A file on its way to the server: its name and size, how far it has come, and what to do if it failed. */
export function UploadView({ upload, onRemove }: Props) {
  const { texts, times } = useLanguage();
  const { file, name, size } = upload;
  const state = upload.state.value;
  const picture = useMemo(() => (file?.type.startsWith('image/') ? URL.createObjectURL(file) : null), [file]);
  useEffect(() => () => picture !== null && URL.revokeObjectURL(picture), [picture]);
  return (
    <div class="upload" data-state={state.type}>
      <span class="preview" aria-hidden="true">
        {picture !== null ? <img src={picture} alt="" /> : <Icon name="file" />}
      </span>
      <bdi class="name">{name}</bdi>
      <span class="hint">{times.bytes(size)}</span>
      {state.type === 'uploading' && (
        <progress max={Math.max(1, size)} value={state.sent} aria-label={texts.composer.uploading(name)} />
      )}
      {state.type === 'failed' && (
        <span class="problem" role="alert">
          {texts.composer.uploadFailed(state.status, state.message)}
          <button type="button" onClick={() => upload.start()}>
            {texts.message.again}
          </button>
        </span>
      )}
      <IconButton icon="close" label={texts.composer.removeFile(name)} onClick={onRemove} />
    </div>
  );
}
