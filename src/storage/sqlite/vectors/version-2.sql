-- A database as version 2 of the schema left it. Never changed: what a released version wrote does not change either.
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
INSERT INTO meta VALUES (1, 5, 'history', 1, 'opening/2');
INSERT INTO stream VALUES (1, 'directory', 1);
INSERT INTO stream VALUES (2, 'person/7', 6);
INSERT INTO stream VALUES (3, 'room/1', 1);
INSERT INTO entry VALUES (1, 1, '{"type":"account-created","account":{"person":7,"name":"Ada","skeleton":"ada","displayName":"Ada L.","role":"owner"},"at":1}', 3853946046);
INSERT INTO entry VALUES (2, 1, '{"type":"password-set","person":7,"verifier":"","replaces":null,"at":1}', 2916902642);
INSERT INTO entry VALUES (2, 2, '{"type":"room-joined","membership":{"person":7,"room":1,"other":null,"since":0},"at":1}', 2194343268);
INSERT INTO entry VALUES (3, 1, '{"type":"member-joined","member":{"room":1,"person":7,"name":"Ada","role":"member","other":null,"since":0},"at":1}', 639821660);
INSERT INTO entry VALUES (2, 3, '{"type":"password-set","person":7,"verifier":"the second","replaces":1,"at":1}', 1622149288);
INSERT INTO entry VALUES (2, 4, '{"type":"contact-added","person":7,"other":8,"at":1}', 462992520);
INSERT INTO entry VALUES (2, 5, '{"type":"block-added","person":7,"other":9,"at":1}', 3597875908);
INSERT INTO entry VALUES (2, 6, '{"type":"room-read","person":7,"room":1,"number":3,"at":1}', 4221167420);
INSERT INTO member VALUES (1, 7, '{"room":1,"person":7,"name":"Ada","role":"member","other":null,"since":0}', 2989462672);
INSERT INTO account VALUES ('ada', 7, '{"person":7,"name":"Ada","skeleton":"ada","displayName":"Ada L.","role":"owner"}', 2766152720);
INSERT INTO credential VALUES (7, '{"person":7,"verifier":"the second","position":3}', 2261731841);
INSERT INTO contact VALUES (7, 8, '{"person":7,"other":8}', 3270642055);
INSERT INTO block VALUES (7, 9, '{"person":7,"other":9}', 1083888146);
INSERT INTO read VALUES (7, 1, '{"person":7,"room":1,"number":3}', 2344270332);
INSERT INTO shown VALUES (7, '{"person":7,"rooms":[[1,2]]}', 3017299560);
PRAGMA user_version = 2;
