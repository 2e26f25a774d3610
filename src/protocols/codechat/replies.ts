import type { Status } from './schema.ts';

/** The status of a command that succeeded; `text` is its result. */
export function succeeded(text = ''): Status {
  return { success: true, 'error-msg': '', 'success-msg': text }; // CODE-15
}

/** The status of a command that failed. */
export function failed(reason: string): Status {
  return { success: false, 'error-msg': reason, 'success-msg': '' }; // CODE-15
}
