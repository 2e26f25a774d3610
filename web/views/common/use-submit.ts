import { useRef, useState } from 'preact/hooks';
import { failureText } from '../../state/failure-text.ts';
import { useLanguage } from './context.ts';

/** What a form shows of what it does. */
export type Submit = {
  readonly isBusy: boolean;
  /** Why it has failed, in the language of the page. */
  readonly problem: string | null;
  readonly onSubmit: (event: Event) => void;
};

/** Does what a form is for when it is sent, once at a time; it must not reject without having failed. */
export function useSubmit(act: () => Promise<unknown>): Submit {
  const { texts } = useLanguage();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isRunning = useRef(false);
  const run = async () => {
    if (isRunning.current) return;
    isRunning.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await act();
    } catch (error) {
      setProblem(failureText(error, texts));
    }
    isRunning.current = false;
    setBusy(false);
  };
  return {
    isBusy,
    problem,
    onSubmit: (event) => {
      event.preventDefault();
      void run();
    },
  };
}
