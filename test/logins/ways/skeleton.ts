import { refusal, textOf, type Way } from '../way.ts';

export const skeleton: Way = {
  protocol: 'skeleton',
  login: (name, password) => Buffer.from(`skeleton JOIN ${name} ${password}\n`),
  outcome: (answer) => (textOf(answer).startsWith('skeleton DONE') ? 'in' : refusal(textOf(answer))),
};
