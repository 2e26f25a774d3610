-- A database as version 1 of the schema left it. Never changed: what a released version wrote does not change either.
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
INSERT INTO meta VALUES (1, 5, 'history', 1, 'opening/2');
INSERT INTO stream VALUES (1, 'room/1', 6);
INSERT INTO stream VALUES (2, 'directory', 2);
INSERT INTO entry VALUES (1, 1, '{"type":"room-created","room":1,"identity":"i","name":"Lobby","at":1}', 32150767);
INSERT INTO entry VALUES (2, 1, '{"type":"name-taken","name":{"skeleton":"lobby","name":"Lobby","room":1},"at":1}', 1154321033);
INSERT INTO entry VALUES (1, 2, '{"type":"message-posted","message":{"id":"1-1","room":1,"number":1,"position":2,"author":{"id":7,"name":"Ada"},"text":"first words","clientTime":null,"serverTime":1001,"editedAt":null,"deletedAt":null,"edits":[]},"at":2}', 3127479756);
INSERT INTO entry VALUES (1, 3, '{"type":"message-posted","message":{"id":"1-2","room":1,"number":2,"position":3,"author":{"id":7,"name":"Ada"},"text":"","clientTime":null,"serverTime":1002,"editedAt":null,"deletedAt":null,"edits":[]},"at":3}', 3328995666);
INSERT INTO entry VALUES (1, 4, '{"type":"message-edited","message":{"id":"1-1","room":1,"number":1,"position":2,"author":{"id":7,"name":"Ada"},"text":"second words","clientTime":null,"serverTime":1001,"editedAt":9,"deletedAt":null,"edits":[4]},"at":9}', 2002254596);
INSERT INTO entry VALUES (1, 5, '{"type":"message-deleted","message":{"id":"1-2","room":1,"number":2,"position":3,"author":{"id":7,"name":"Ada"},"text":"","clientTime":null,"serverTime":1002,"editedAt":null,"deletedAt":9,"edits":[]},"at":9}', 2054967009);
INSERT INTO entry VALUES (1, 6, '{"type":"person-muted","mute":{"room":1,"person":7,"skeleton":"ada","until":50},"at":4}', 597961300);
INSERT INTO entry VALUES (2, 2, '{"type":"ban-set","ban":{"skeleton":"eve","name":"Eve","reason":"why","until":null},"at":5}', 3746122142);
INSERT INTO room VALUES (1, '{"id":1,"identity":"i","name":"Lobby"}', 1094254188);
INSERT INTO message VALUES (1, 1, '1-1', '{"id":"1-1","room":1,"number":1,"position":2,"author":{"id":7,"name":"Ada"},"text":"second words","clientTime":null,"serverTime":1001,"editedAt":9,"deletedAt":null,"edits":[4]}', 1135531874);
INSERT INTO message VALUES (1, 2, '1-2', '{"id":"1-2","room":1,"number":2,"position":3,"author":{"id":7,"name":"Ada"},"text":"","clientTime":null,"serverTime":1002,"editedAt":null,"deletedAt":9,"edits":[]}', 3713446393);
INSERT INTO mute VALUES (1, 'ada', '{"room":1,"person":7,"skeleton":"ada","until":50}', 674740555);
INSERT INTO ban VALUES ('eve', '{"skeleton":"eve","name":"Eve","reason":"why","until":null}', 4025327282);
INSERT INTO name VALUES ('lobby', '{"skeleton":"lobby","name":"Lobby","room":1}', 2543723599);
INSERT INTO once VALUES ('person/7', 'key', 'digest', 'result', 9000000000000);
PRAGMA user_version = 1;
