import assert from 'node:assert/strict';
import test from 'node:test';
import { Value } from 'typebox/value';
import { type Config, configSchema } from './config/schema.ts';
import { admissionLimits, hubOptions, serverFacts, transportLimits, worldRules } from './settings.ts';

const config: Config = {
  ...Value.Create(configSchema),
  limits: {
    connections_per_address: 1,
    strangers_per_address: 2,
    new_per_minute: 3,
    messages_per_second: 4,
    messages_burst: 5,
    renames_per_minute: 30,
    renames_burst: 7,
    searches_per_second: 17,
    searches_burst: 18,
    requests_per_second: 8,
    requests_burst: 9,
    pings_per_second: 10,
    registrations_per_hour: 6,
    loopback: true,
  },
  deadlines: {
    first_byte_seconds: 11,
    login_seconds: 12,
    ping_seconds: 13,
    silence_seconds: 14,
  },
  waiting: { messages: 15, days: 16 },
};

test('SERVER-08 the configuration reaches connections, admission and transports', () => {
  assert.deepEqual(hubOptions(config), {
    rates: {
      messages: { perSecond: 4, burst: 5 },
      renames: { perSecond: 0.5, burst: 7 },
      searches: { perSecond: 17, burst: 18 },
      requests: { perSecond: 8, burst: 9 },
      pings: { perSecond: 10, burst: 10 },
      limitLoopback: true,
    },
    loginMs: 12_000,
    registrationsPerHour: 6,
    backlog: { messages: 15, days: 16 },
  });
  const { connections, ...admission } = admissionLimits(config);
  assert.deepEqual(admission, { perAddress: 1, unauthenticatedPerAddress: 2, newPerMinute: 3, exemptLoopback: false });
  assert.ok(connections > 0);
  const { detectMs, pingMs, silenceMs } = transportLimits(config);
  assert.deepEqual([detectMs, pingMs, silenceMs], [11_000, 13_000, 14_000]);
});

test('SERVER-08 the configuration reaches the world and the protocols', () => {
  const font = { family: 'Arial', color: '#123456', style: 'b' };
  const switched: Config = {
    ...config,
    name: 'Tea',
    lobby: 'tea-room',
    history: 7,
    codechat_history: 8,
    registration: 'closed',
    accounts_join_lobby: false,
    private_lines: false,
    tagged_logins: 'tls',
    font,
  };
  assert.deepEqual(worldRules(config), { lobby: 'lobby', registration: 'open', joinLobby: true });
  assert.deepEqual(worldRules(switched), { lobby: 'tea-room', registration: 'closed', joinLobby: false });
  const facts = { name: 'Tea', id: 9, history: 7, codechatHistory: 8, privateLines: false, taggedLogins: 'tls', font };
  const digestOf = async () => null;
  assert.deepEqual(serverFacts(switched, 9, digestOf), { ...facts, media: { address: '/media', digestOf } });
});
