import { signal } from '@preact/signals';

/** Whether somebody looks at this tab: it is visible and has the focus. */
export class Attention {
  readonly isWatching = signal(isWatched());

  constructor() {
    const update = () => {
      this.isWatching.value = isWatched();
    };
    for (const event of ['focus', 'blur', 'pageshow', 'pagehide']) addEventListener(event, update);
    document.addEventListener('visibilitychange', update);
  }
}

function isWatched(): boolean {
  return document.visibilityState === 'visible' && document.hasFocus();
}
