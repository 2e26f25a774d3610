import { useState } from 'preact/hooks';
import { failureText } from '../../state/failure-text.ts';
import { useLanguage } from './context.ts';
import { Dialog } from './dialog.tsx';
import { Problem } from './problem.tsx';

type Props = {
  readonly title: string;
  readonly question: string;
  /** What the button says that does it. */
  readonly action: string;
  /** Does it; when it rejects, the dialog stays and says why. */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
};

/** Asks before something is done that cannot be undone. */
export function ConfirmDialog({ title, question, action, onConfirm, onClose }: Props) {
  const { texts } = useLanguage();
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      onClose();
    } catch (error) {
      setProblem(failureText(error, texts));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{question}</p>
      <Problem text={problem} />
      <footer>
        <button type="button" onClick={onClose}>
          {texts.message.cancel}
        </button>
        <button type="button" class="strong" disabled={isBusy} onClick={() => void confirm()}>
          {action}
        </button>
      </footer>
    </Dialog>
  );
}
