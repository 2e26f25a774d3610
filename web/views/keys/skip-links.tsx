import { useLanguage } from '../common/context.ts';

/** Buttons for those who go through the page by Tab: to the content, and to the field where one writes. */
export function SkipLinks() {
  const { texts } = useLanguage();
  return (
    <div class="skip">
      <button type="button" onClick={() => focusOn('main')}>
        {texts.find.skipToMain}
      </button>
      <button
        type="button"
        onClick={() => focusOn(document.querySelector('.composer textarea') === null ? 'main' : '.composer textarea')}
      >
        {texts.find.skipToField}
      </button>
    </div>
  );
}

function focusOn(selector: string): void {
  const element = document.querySelector<HTMLElement>(selector);
  if (element?.matches('main') === true) element.tabIndex = -1;
  element?.focus();
}
