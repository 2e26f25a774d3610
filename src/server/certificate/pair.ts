import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { reasonOf } from '../../lib/reason.ts';
import { err, ok, type Result } from '../../lib/result.ts';
import type { Certificate } from '../../transports/accept/tls.ts';
import { type CertificateFiles, fileStatesNow } from './file-states.ts';
import type { Config } from '../config/schema.ts';

/** A certificate with the key that belongs to it, and what its owner wants to know of it. Times are milliseconds since 1970. */
export type CertificatePair = Certificate & {
  readonly validFrom: number;
  readonly validTo: number;
  /** The names and addresses it is for, as OpenSSL writes them. */
  readonly names: string;
  readonly sha256: string;
};

export type LoadedCertificate = {
  readonly files: CertificateFiles;
  readonly pair: CertificatePair;
  /** The state of the files before they were read. */
  readonly states: string;
};

/** Loads what the configuration names; null without TLS. Throws a sentence for the operator. */
export function loadCertificate({ tls }: Pick<Config, 'tls'>): LoadedCertificate | null {
  if (tls.cert === undefined || tls.key === undefined) return null;
  const files = { cert: tls.cert, key: tls.key };
  const states = fileStatesNow(files);
  const pair = readPair(files);
  if (!pair.ok) throw new Error(pair.error); // SERVER-15
  return { files, pair: pair.value, states };
}

/** Reads a certificate and its key; a sentence for the operator if they cannot be read or used together. */
export function readPair(files: CertificateFiles): Result<CertificatePair, string> {
  const cert = readPem(files.cert, 'tls.cert');
  if (!cert.ok) return cert;
  const key = readPem(files.key, 'tls.key');
  if (!key.ok) return key;
  try {
    createSecureContext({ cert: cert.value, key: key.value });
    const certificates = parsed(cert.value);
    const [own] = certificates;
    if (own === undefined) throw new Error('there is no certificate in it');
    return ok({
      cert: cert.value,
      key: key.value,
      validFrom: own.validFromDate.getTime(),
      validTo: own.validToDate.getTime(),
      names: own.subjectAltName ?? own.subject,
      sha256: own.fingerprint256,
    });
  } catch (error) {
    return err(`tls: ${files.cert} and ${files.key} cannot be used together (${reasonOf(error)})`);
  }
}

/** All certificates of a PEM file. Throws if one of them is cut off, which OpenSSL may overlook after the first one. */
function parsed(pem: Buffer): X509Certificate[] {
  const [, ...blocks] = pem.toString('latin1').split('-----BEGIN CERTIFICATE-----');
  return blocks.map((block) => new X509Certificate(`-----BEGIN CERTIFICATE-----${block}`));
}

function readPem(file: string, key: string): Result<Buffer, string> {
  try {
    return ok(readFileSync(file));
  } catch (error) {
    return err(`${key}: ${file} cannot be read (${reasonOf(error)})`);
  }
}
