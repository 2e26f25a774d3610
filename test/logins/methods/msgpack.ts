import { decodeMulti, encode } from '@msgpack/msgpack';
import { type RegisterMethod, refusal, type LoginMethod } from '../login-method.ts';

export const msgpack: LoginMethod & RegisterMethod = {
  protocol: 'msgpack',
  login: (name, password) => values('login', name, password),
  outcome(answer) {
    const [, status, data] = decodeMulti(answer);
    return status === true ? 'in' : refusal(String(data));
  },
  register: (name, password) => values('register', name, password),
  isRegistered: (answer) => [...decodeMulti(answer)][1] === true,
};

function values(...strings: readonly string[]): Uint8Array {
  return Buffer.concat(strings.map((string) => encode(string)));
}
