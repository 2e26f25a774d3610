import { failureText } from '../../state/failure-text.ts';
import type { ComposerState } from '../../state/writing/composer-state.ts';
import { useLanguage } from '../common/context.ts';

/** Bytes before the end of what a message may have, from where on the rest is said. */
const NEARLY = 500;

/** What keeps the text or a file from being sent, and what to do. `most` is how many bytes a file may have. */
export function ComposerProblem({ composer, most }: { readonly composer: ComposerState; readonly most: number }) {
  const { texts, times } = useLanguage();
  const problem = composer.problem.value;
  const over = composer.over.value;
  const words =
    over > 0
      ? texts.composer.tooLong(over)
      : problem?.type === 'too-large'
        ? texts.composer.tooLarge(problem.name, times.bytes(most))
        : problem !== null
          ? failureText(problem.error, texts)
          : null;
  return (
    <>
      {words !== null && (
        <p class="problem" role="alert">
          {words}
        </p>
      )}
      {over <= 0 && over > -NEARLY && <p class="hint">{texts.composer.bytesLeft(-over)}</p>}
    </>
  );
}
