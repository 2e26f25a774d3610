import { decodeMulti, encode } from '@msgpack/msgpack';
import { type Maker, refusal, type Way } from '../login-method.ts';

export const msgpack: Way & Maker = {
  protocol: 'msgpack',
  login: (name, password) => values('login', name, password),
  outcome(answer) {
    const [, status, data] = decodeMulti(answer);
    return status === true ? 'in' : refusal(String(data));
  },
  register: (name, password) => values('register', name, password),
  made: (answer) => [...decodeMulti(answer)][1] === true,
};

function values(...strings: readonly string[]): Uint8Array {
  return Buffer.concat(strings.map((string) => encode(string)));
}
