-- A database as version 3 of the schema left it. Never changed: what a released version wrote does not change either.
CREATE TABLE meta (
     one INTEGER PRIMARY KEY CHECK (one = 1), server INTEGER NOT NULL, identity TEXT NOT NULL,
     clean INTEGER NOT NULL, batch TEXT NOT NULL
   ) STRICT;
CREATE TABLE stream (key INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, head INTEGER NOT NULL) STRICT;
CREATE TABLE entry (
     stream INTEGER NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (stream, position)
   ) STRICT;
CREATE TABLE room (id INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE message (
     room INTEGER NOT NULL, number INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, number)
   ) STRICT;
CREATE TABLE mute (
     room INTEGER NOT NULL, skeleton TEXT NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, skeleton)
   ) STRICT;
CREATE TABLE ban (skeleton TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE name (skeleton TEXT PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE once (
     scope TEXT NOT NULL, key TEXT NOT NULL, digest TEXT NOT NULL, result TEXT NOT NULL, expires INTEGER NOT NULL,
     PRIMARY KEY (scope, key)
   ) STRICT;
CREATE INDEX once_expires ON once (expires);
CREATE TABLE member (
     room INTEGER NOT NULL, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (room, person)
   ) STRICT;
CREATE INDEX member_person ON member (person);
CREATE TABLE account (
     skeleton TEXT PRIMARY KEY, person INTEGER NOT NULL UNIQUE, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
CREATE TABLE credential (person INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE contact (
     person INTEGER NOT NULL, other INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, other)
   ) STRICT;
CREATE TABLE block (
     person INTEGER NOT NULL, other INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, other)
   ) STRICT;
CREATE TABLE read (
     person INTEGER NOT NULL, room INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL,
     PRIMARY KEY (person, room)
   ) STRICT;
CREATE TABLE shown (person INTEGER PRIMARY KEY, body TEXT NOT NULL, sum INTEGER NOT NULL) STRICT;
CREATE TABLE token (
     digest TEXT PRIMARY KEY, person INTEGER NOT NULL, body TEXT NOT NULL, sum INTEGER NOT NULL
   ) STRICT;
CREATE INDEX token_person ON token (person);
INSERT INTO meta VALUES (1, 5, 'history', 1, 'history/2');
INSERT INTO stream VALUES (1, 'directory', 4);
INSERT INTO stream VALUES (2, 'person/7', 5);
INSERT INTO stream VALUES (3, 'room/1', 1);
INSERT INTO entry VALUES (1, 1, '{"type":"account-created","account":{"person":7,"name":"Ada","skeleton":"ada","displayName":"Ada L.","role":"owner"},"at":1}', 3853946046);
INSERT INTO entry VALUES (1, 2, '{"type":"account-created","account":{"person":8,"name":"Bob","skeleton":"bob","displayName":"Bob","role":"user"},"at":1}', 934085971);
INSERT INTO entry VALUES (1, 3, '{"type":"ban-set","ban":{"skeleton":"203.0.113.0/24","name":"203.0.113.0/24","reason":"spam","until":null,"address":true},"at":2}', 3997311376);
INSERT INTO entry VALUES (1, 4, '{"type":"account-deleted","account":{"person":8,"name":"Bob","skeleton":"bob","displayName":"Bob","role":"user","deletedAt":3},"at":3}', 1650205560);
INSERT INTO entry VALUES (2, 1, '{"type":"password-set","person":7,"verifier":"the verifier","replaces":null,"at":1}', 839853742);
INSERT INTO entry VALUES (2, 2, '{"type":"token-issued","token":{"digest":"first","person":7,"issuedAt":1,"expires":9},"at":1}', 3496837577);
INSERT INTO entry VALUES (2, 3, '{"type":"token-issued","token":{"digest":"second","person":7,"issuedAt":1,"expires":9},"at":1}', 739907228);
INSERT INTO entry VALUES (2, 4, '{"type":"token-revoked","person":7,"digest":"first","why":"asked","at":2}', 1167146237);
INSERT INTO entry VALUES (2, 5, '{"type":"token-issued","token":{"digest":"second","person":7,"issuedAt":1,"expires":20},"at":1}', 3338541910);
INSERT INTO entry VALUES (3, 1, '{"type":"message-posted","message":{"id":"1-1","room":1,"number":1,"position":1,"author":{"id":7,"name":"Ada"},"text":"words","clientTime":null,"serverTime":1001,"editedAt":null,"deletedAt":null,"edits":[]},"at":4}', 1722290936);
INSERT INTO message VALUES (1, 1, '1-1', '{"id":"1-1","room":1,"number":1,"position":1,"author":{"id":7,"name":"Ada"},"text":"words","clientTime":null,"serverTime":1001,"editedAt":null,"deletedAt":null,"edits":[]}', 2971286458);
INSERT INTO ban VALUES ('203.0.113.0/24', '{"skeleton":"203.0.113.0/24","name":"203.0.113.0/24","reason":"spam","until":null,"address":true}', 295379882);
INSERT INTO account VALUES ('ada', 7, '{"person":7,"name":"Ada","skeleton":"ada","displayName":"Ada L.","role":"owner"}', 2766152720);
INSERT INTO account VALUES ('bob', 8, '{"person":8,"name":"Bob","skeleton":"bob","displayName":"Bob","role":"user","deletedAt":3}', 2056976404);
INSERT INTO credential VALUES (7, '{"person":7,"verifier":"the verifier","position":1}', 267310440);
INSERT INTO token VALUES ('second', 7, '{"digest":"second","person":7,"issuedAt":1,"expires":20}', 2188994773);
PRAGMA user_version = 3;
