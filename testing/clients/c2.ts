import { connect } from '../../src/protocols/c2/client.ts';
import { clientFixture, connectOnline, FakeSocket } from './fixture.ts';

export type C2Socket = FakeSocket<string>;

export function fixture() {
  return clientFixture<C2Socket>(
    (opened) =>
      class extends FakeSocket<string> {
        constructor(_url: string) {
          super(String);
          opened(this);
        }
      },
  );
}

/** The answer to a login. */
export const acknowledged = 'c2/ACKNOWLEDGE Test Server';

/** A client that is online, and its socket. */
export function online() {
  const all = fixture();
  const connecting = connect('ws://server/', { name: 'alice', platform: all.platform });
  return connectOnline(all, connecting, (socket) => socket.receive(acknowledged));
}

export const msg = (id: string, text: string) => `c2/MSG bob; 1; ${id}; ${text}`;
export const event = (id: string, text: string) => ({ type: 'MSG', username: 'bob', timestamp: 1, id, text });
