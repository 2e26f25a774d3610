import { useEffect, useRef, useState } from 'preact/hooks';
import { failureText } from '../../state/failure-text.ts';
import { isUploaded, uploadPicture } from '../../state/account/picture-upload.ts';
import { useLanguage, useSession } from '../common/context.ts';
import { Problem } from '../common/problem.tsx';

/** The own picture: seen large, uploaded, removed. */
export function PictureField({ picture }: { readonly picture: string }) {
  const session = useSession();
  const { texts } = useLanguage();
  const words = texts.settings;
  const input = useRef<HTMLInputElement>(null);
  const [preview, setPreview] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (preview !== null) return () => URL.revokeObjectURL(preview);
  }, [preview]);
  const run = async (act: () => Promise<string | null>) => {
    setProblem(null);
    try {
      setProblem(await act());
    } catch (error) {
      setProblem(failureText(error, texts));
    }
    setPreview(null);
  };
  const upload = (file: File) =>
    run(async () => {
      setPreview(URL.createObjectURL(file));
      const reason = await uploadPicture(session, file);
      return reason === null ? null : words[reason];
    });
  const remove = () =>
    run(async () => {
      await session.client.patch(session.selfKey, { picture: null });
      return null;
    });
  return (
    <div class="picture-field">
      <img src={preview ?? session.pictureUrl(picture)} alt={words.picture} width={96} height={96} />
      <div>
        <p class="choices">
          <button type="button" disabled={preview !== null} onClick={() => input.current?.click()}>
            {preview === null ? words.choosePicture : words.uploading}
          </button>
          {isUploaded(picture) && (
            <button type="button" disabled={preview !== null} onClick={() => void remove()}>
              {words.removePicture}
            </button>
          )}
        </p>
        <p class="hint">{words.pictureHint}</p>
        <Problem text={problem} />
      </div>
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/webp,image/gif"
        hidden
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          // The same file can be chosen again after an error.
          currentTarget.value = '';
          if (file !== undefined) void upload(file);
        }}
      />
    </div>
  );
}
