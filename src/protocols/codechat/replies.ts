import type { Status } from './schema.ts';

/** The status of a command that was done; `text` is what was asked for. */
export function succeeded(text = ''): Status {
  return { success: true, 'error-msg': '', 'success-msg': text }; // CODE-15
}

/** The status of a command that was not done, and why. */
export function failed(reason: string): Status {
  return { success: false, 'error-msg': reason, 'success-msg': '' }; // CODE-15
}
