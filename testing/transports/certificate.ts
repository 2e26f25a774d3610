import { generate } from 'selfsigned';

type Validity = {
  /** Milliseconds since 1970. Default: now. */
  readonly from?: number;
  /** Milliseconds since 1970. Default: after a year. */
  readonly to?: number;
};

/** A fresh self-signed certificate for `localhost` and 127.0.0.1, and its key, both as PEM. */
export async function selfSignedCertificate({ from, to }: Validity = {}): Promise<{ cert: string; key: string }> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(from !== undefined && { notBeforeDate: new Date(from) }),
    ...(to !== undefined && { notAfterDate: new Date(to) }),
    extensions: [
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { cert: made.cert, key: made.private };
}
