import type { ComposerState } from '../../state/writing/composer-state.ts';
import { useLanguage } from '../common/context.ts';
import { UploadView } from './upload-view.tsx';

/** The files that the next message has, also while they are on their way to the server. */
export function ComposerUploads({ composer }: { readonly composer: ComposerState }) {
  const { texts } = useLanguage();
  const uploads = composer.uploads.value;
  if (uploads.length === 0) return null;
  return (
    <ul class="uploads" aria-label={texts.composer.files}>
      {uploads.map((upload) => (
        <li key={upload.id}>
          <UploadView upload={upload} onRemove={() => composer.detach(upload)} />
        </li>
      ))}
    </ul>
  );
}
