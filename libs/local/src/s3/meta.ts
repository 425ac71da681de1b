import { AwsError } from '../kernel/aws-error.ts';
import type { Settings } from './bucket.ts';
import { invalidArgument, notImplemented } from './errors.ts';
import type { Meta } from './objects.ts';
import { fromXml, listOf } from './xml.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** Headers of a request that the object gives back. */
const KEPT = [
  'cache-control',
  'content-disposition',
  'content-encoding',
  'content-language',
  'content-type',
  'expires',
  'x-amz-storage-class',
  'x-amz-website-redirect-location',
];

/** What the owner of the bucket alone decides, since access control lists are off. */
const HARMLESS_ACLS = ['private', 'bucket-owner-full-control', 'bucket-owner-read'];

/**
 * What a request says of the object that it makes.
 *
 * @throws {AwsError} `MetadataTooLarge`, `AccessControlListNotSupported`, `InvalidTag`, `NotImplemented`.
 */
export function toMeta(given: Headers, { encryption }: Pick<Settings, 'encryption'>): Meta {
  refuse(given);
  const headers: Record<string, string> = {};
  let size = 0;
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined) continue;
    if (name.startsWith('x-amz-meta-')) {
      size += name.length - 'x-amz-meta-'.length + value.length;
      headers[name] = value;
    } else if (KEPT.includes(name)) headers[name] = value;
  }
  if (size > 2048)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', 400, {
      Size: size,
      MaxSizeAllowed: 2048,
    });
  const encoding = (headers['content-encoding'] ?? '')
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && each !== 'aws-chunked');
  if (encoding.length > 0) headers['content-encoding'] = encoding.join(',');
  else delete headers['content-encoding'];
  if (headers['x-amz-storage-class'] === 'STANDARD') delete headers['x-amz-storage-class'];
  headers['content-type'] ??= 'binary/octet-stream';
  headers['x-amz-server-side-encryption'] = given['x-amz-server-side-encryption'] ?? encryption;
  return { headers, tags: parseTags(given['x-amz-tagging'] ?? '') };
}

/** Tags as a query: `kind=picture&of=cheese`. @throws {AwsError} `InvalidTag`, `InvalidArgument`. */
export function parseTags(text: string): Record<string, string> {
  return checkTags([...new URLSearchParams(text)]);
}

/** Tags as a document. @throws {AwsError} `MalformedXML`, `InvalidTag`. */
export function tagsIn(document: string): Record<string, string> {
  const { TagSet } = fromXml(document, 'Tagging');
  const tags = listOf((TagSet as Record<string, unknown> | undefined)?.['Tag']);
  return checkTags(tags.map(({ Key, Value }) => [String(Key ?? ''), String(Value ?? '')] as const));
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
function checkTags(tags: readonly (readonly [string, string])[]): Record<string, string> {
  if (tags.length > 10) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10');
  const named = Object.fromEntries(tags);
  if (Object.keys(named).length < tags.length) throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  for (const [key, value] of tags) {
    if (key === '' || key.length > 128) throw new AwsError('InvalidTag', 'The TagKey you have provided is invalid');
    if (value.length > 256) throw new AwsError('InvalidTag', 'The TagValue you have provided is invalid');
  }
  return named;
}

/**
 * Text that came in a query or a form, as a header holds it: its bytes in UTF-8.
 *
 * @throws {AwsError} `InvalidArgument` for what would begin another header.
 */
export function toHeaderValue(text: string): string {
  if (/[\x00-\x08\x0a-\x1f\x7f]/.test(text)) throw invalidArgument('A header value must not have control characters.');
  return Buffer.from(text, 'utf8').toString('latin1');
}

function refuse(given: Headers): void {
  const acl = given['x-amz-acl'];
  if ((acl !== undefined && !HARMLESS_ACLS.includes(acl)) || Object.keys(given).some((name) => name.startsWith('x-amz-grant-'))) {
    throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  }
  const unknown = Object.keys(given).find(
    (name) => name.startsWith('x-amz-server-side-encryption-customer-') || name.startsWith('x-amz-object-lock-'),
  );
  if (unknown !== undefined) throw notImplemented(`${unknown}`);
  const encryption = given['x-amz-server-side-encryption'];
  if (encryption !== undefined && !['AES256', 'aws:kms', 'aws:kms:dsse'].includes(encryption)) {
    throw new AwsError(
      'InvalidEncryptionAlgorithmError',
      'The encryption request that you specified is not valid. The valid values are AES256, aws:kms and aws:kms:dsse.',
    );
  }
}
