import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import { AwsError } from '../kernel/aws-error.ts';
import { invalidArgument } from './errors.ts';

export type Algorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Base64; of a composite one with the number of parts behind a dash. */
  readonly value: string;
  readonly type: 'FULL_OBJECT' | 'COMPOSITE';
}

/** Grows with what it is given. */
export interface Digest {
  update(chunk: Uint8Array): void;
  finish(): Promise<Buffer>;
}

const ALGORITHMS: readonly Algorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

export function digestOf(algorithm: Algorithm): Digest {
  switch (algorithm) {
    case 'CRC32': {
      let sum = 0;
      return {
        update: (chunk) => void (sum = crc32(chunk, sum)),
        finish: async () => {
          const bytes = Buffer.alloc(4);
          bytes.writeUInt32BE(sum);
          return bytes;
        },
      };
    }
    case 'CRC32C':
    case 'CRC64NVME': {
      const sum = algorithm === 'CRC32C' ? new Crc32c() : new Crc64Nvme();
      return { update: (chunk) => sum.update(chunk), finish: async () => Buffer.from(await sum.digest()) };
    }
    default: {
      const hash = createHash(algorithm === 'SHA1' ? 'sha1' : 'sha256');
      return { update: (chunk) => void hash.update(chunk), finish: async () => hash.digest() };
    }
  }
}

/** `x-amz-checksum-crc32`. */
export function checksumHeader(algorithm: Algorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The elements that tell a checksum: `ChecksumCRC32`. */
export function checksumMembers(checksum: (Pick<Checksum, 'algorithm' | 'value'> & Partial<Checksum>) | undefined): Record<string, string> {
  if (!checksum) return {};
  const { algorithm, value, type } = checksum;
  return { [`Checksum${algorithm}`]: value, ...(type && { ChecksumType: type }) };
}

/** The headers that tell a checksum. */
export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
}

/**
 * What a request says about the checksum of its content: the value in a header, or the name of the trailer that will have it.
 *
 * @throws {AwsError} `InvalidRequest` when it names two, or one that S3 does not know.
 */
export function announcedChecksum(
  headers: Readonly<Record<string, string | undefined>>,
): { readonly algorithm: Algorithm; readonly value?: string } | undefined {
  const values = ALGORITHMS.flatMap((algorithm) => {
    const value = headers[checksumHeader(algorithm)];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (values.length > 1)
    throw new AwsError('InvalidRequest', 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  if (values[0]) return values[0];
  const trailer = headers['x-amz-trailer']?.trim().toLowerCase();
  if (trailer === undefined || trailer === '') return undefined;
  const algorithm = ALGORITHMS.find((each) => checksumHeader(each) === trailer);
  if (!algorithm) throw new AwsError('InvalidRequest', 'The value specified in the x-amz-trailer header is not supported');
  return { algorithm };
}

/** @throws {AwsError} `InvalidArgument` for a name that is none. */
export function algorithmNamed(name: string | undefined): Algorithm | undefined {
  if (name === undefined) return undefined;
  const algorithm = ALGORITHMS.find((each) => each === name.toUpperCase());
  if (!algorithm)
    throw invalidArgument(`Checksum algorithm provided is unsupported. Please try again with any of: ${ALGORITHMS.join(', ')}`);
  return algorithm;
}
