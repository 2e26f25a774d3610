import type { Refusal } from '../../core/model/refusals.ts';
import { refusalText } from '../refusal-text.ts';
import { failed, WRONG_CREDENTIALS } from './replies.ts';
import type { Down } from './schema.ts';

/** Texts that differ from those of other protocols. */
const ownTexts: { readonly [T in Refusal['type']]?: string } = {
  'wrong-credentials': WRONG_CREDENTIALS,
  'not-allowed': 'somebody else is logged in on this connection',
  guest: 'guests cannot be contacts',
};

/** The response for a refusal; every refusal has a text. */
export function refused(refusal: Refusal): Down {
  return failed(ownTexts[refusal.type] ?? refusalText(refusal)); // MSGP-60 MSGP-61
}
