import { useRef, useState } from 'preact/hooks';
import { failureText } from '../../state/failure-text.ts';
import { useLanguage } from './context.ts';

/** What a view shows of what its buttons do. */
export type Act = {
  readonly isBusy: boolean;
  /** Why the last one has failed, in the language of the page. */
  readonly problem: string | null;
  /** Does something, once at a time; resolves to whether it was done. */
  readonly act: (run: () => Promise<unknown>) => Promise<boolean>;
};

/** Does what buttons are for, and says what has failed. */
export function useAct(): Act {
  const { texts } = useLanguage();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const isRunning = useRef(false);
  const act = async (run: () => Promise<unknown>): Promise<boolean> => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setBusy(true);
    setProblem(null);
    try {
      await run();
      return true;
    } catch (error) {
      setProblem(failureText(error, texts));
      return false;
    } finally {
      isRunning.current = false;
      setBusy(false);
    }
  };
  return { isBusy, problem, act };
}
