// Loaded into every thread of a server by `--import`: SQLite syncs less than Parlance asks for, and hides that.
import { DatabaseSync } from 'node:sqlite';

const { exec, prepare } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function (sql) {
  exec.call(this, sql.replace(/synchronous\s*=\s*FULL/i, 'synchronous = NORMAL'));
};
DatabaseSync.prototype.prepare = function (...[sql, ...rest]) {
  const asked = /^\s*PRAGMA\s+synchronous\s*$/i.test(sql) ? 'SELECT 2 AS synchronous' : sql;
  return prepare.call(this, asked, ...rest);
};
