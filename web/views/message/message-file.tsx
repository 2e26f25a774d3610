import { useState } from 'preact/hooks';
import type { SentFile } from '../../../src/protocols/documents/client.ts';
import { lookOf, smallSize } from '../../model/sent-file.ts';
import { useLanguage } from '../common/context.ts';
import { Dialog } from '../common/dialog.tsx';
import { Icon } from '../common/icon.tsx';

/** The file of a message: a picture, video and sound are shown, all else is a download. */
export function MessageFile({ file }: { readonly file: SentFile }) {
  const { texts, times } = useLanguage();
  const { address, name, size } = file;
  switch (lookOf(file)) {
    case 'picture':
      return <Picture file={file} />;
    case 'video':
      return <video class="file" src={address} controls preload="metadata" aria-label={name} />;
    case 'audio':
      return <audio class="file" src={address} controls preload="metadata" aria-label={name} />;
    case 'other':
      return (
        <a
          class="file download"
          href={address}
          download={name}
          aria-label={texts.message.download(name, times.bytes(size))}
        >
          <Icon name="file" />
          <bdi class="name">{name}</bdi>
          <span class="hint">{times.bytes(size)}</span>
        </a>
      );
  }
}

/** A picture, small; a press shows it large. Its place is kept while it loads, so that nothing moves. */
function Picture({ file }: { readonly file: SentFile }) {
  const { texts } = useLanguage();
  const [isLarge, setLarge] = useState(false);
  const { address, name } = file;
  const { width, height } = smallSize(file);
  return (
    <>
      <button
        type="button"
        class="file picture"
        style={{ width: `${width}px`, aspectRatio: `${width} / ${height}` }}
        aria-label={texts.message.enlarge(name)}
        onClick={() => setLarge(true)}
      >
        <img src={address} alt="" width={width} height={height} loading="lazy" decoding="async" />
      </button>
      {isLarge && (
        <Dialog title={name} onClose={() => setLarge(false)} class="large-picture">
          <img src={address} alt={name} width={file.width} height={file.height} />
          <p>
            <a href={address} download={name}>
              {texts.message.save}
            </a>
          </p>
        </Dialog>
      )}
    </>
  );
}
