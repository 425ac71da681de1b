import { AwsError } from '../kernel/aws-error.ts';
import { accessOf, type Asker, writing } from './access.ts';
import { announcedChecksum, type Checksum } from './checksum.ts';
import { invalidArgument } from './errors.ts';
import { type Form, readForm } from './form.ts';
import { tagsIn, toHeaderValue, toMeta } from './meta.ts';
import { writtenHeaders } from './object-operations.ts';
import type { StoredObject } from './objects.ts';
import type { Operation, Parts, S3Reply } from './parts.ts';
import { LARGEST_PUT, receive } from './payload.ts';
import { checkPolicy, type Length } from './post-policy.ts';
import { writeObject } from './write.ts';
import { toXml } from './xml.ts';

/**
 * An upload from a form, which a browser sends. Who made the form is asked what it may do.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export function postObject(parts: Parts): Operation {
  const { kernel, bodies, signatures, iam } = parts;

  const askerOf = (fields: Form['fields']): Asker => {
    if (!fields.has('policy')) return { kind: 'anonymous' };
    const accessKeyId = signatures.form(fields);
    return iam.callerOf(accessKeyId) ?? { kind: 'root', arn: `arn:aws:iam::${kernel.accountId}:root` };
  };

  return async (call) => {
    const bucket = call.bucket();
    const { request } = call;
    const form = await readForm(request.bytes, request.headers['content-type'] ?? '');
    const given = new Map(form.fields).set('bucket', bucket.name);
    const key = (given.get('key') ?? '').replaceAll('${filename}', () => form.filename);
    if (key === '')
      throw invalidArgument(
        "Bucket POST must contain a field named 'key'. If it is specified, please check the order of the fields.",
        'key',
      );
    if (Buffer.byteLength(key) > 1024) throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { MaxSizeAllowed: 1024 });
    given.set('key', key);

    const by = askerOf(form.fields);
    const policy = form.fields.get('policy');
    const length: Length = policy === undefined ? { least: 0, most: Infinity } : checkPolicy(policy, given, kernel.now());
    const headers = toHeaders(form.fields);
    // A form brings tags as a document.
    const document = form.fields.get('tagging');
    const meta = { ...toMeta(headers, bucket.settings), tags: document === undefined ? {} : tagsIn(document) };
    const access = accessOf(parts, by, call.guard);
    access.check(...writing({ headers, tags: meta.tags }, bucket, key));

    const announced = announcedChecksum(headers);
    const { draft, md5, sum } = await receive(bodies, form.file, Math.min(LARGEST_PUT, length.most), announced?.algorithm);
    try {
      if (draft.size < length.least) {
        const facts = { ProposedSize: draft.size, MinSizeAllowed: length.least };
        throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, facts);
      }
      const value = sum?.toString('base64');
      if (announced && announced.value !== value)
        throw new AwsError('BadDigest', `The ${announced.algorithm} you specified did not match the calculated checksum.`);
      const checksum: Checksum | undefined =
        announced && value !== undefined ? { algorithm: announced.algorithm, value, type: 'FULL_OBJECT' } : undefined;
      const object = writeObject(parts, {
        bucket,
        key,
        size: draft.size,
        etag: md5.toString('hex'),
        meta: { ...meta, checksum },
        event: 'ObjectCreated:Post',
        requestId: request.id,
        by,
        check: () => {},
        body: () => bodies.save(draft),
      });
      return replyTo(object, form.fields, kernel.endpointUrl);
    } catch (error) {
      await bodies.discard(draft);
      throw error;
    }
  };
}

/** Fields are what headers are in a PUT. */
function toHeaders(fields: Form['fields']): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of fields) {
    if (name === 'acl') headers['x-amz-acl'] = value;
    else if (!['key', 'policy', 'tagging', 'x-amz-tagging'].includes(name)) headers[name] = toHeaderValue(value);
  }
  return headers;
}

function replyTo(object: StoredObject, fields: Form['fields'], endpointUrl: string): S3Reply {
  const Location = `${endpointUrl}/${object.bucket}/${encodeURIComponent(object.key)}`;
  const headers = { ...writtenHeaders(object), location: Location };
  const etag = `"${object.etag}"`;
  const redirect = fields.get('success_action_redirect') ?? fields.get('redirect');
  if (redirect !== undefined && URL.canParse(redirect) && /^https?:/i.test(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket: object.bucket, key: object.key, etag })) target.searchParams.set(name, value);
    return { status: 303, headers: { ...headers, location: target.href } };
  }
  const status = fields.get('success_action_status');
  if (status === '200') return { status: 200, headers };
  if (status !== '201') return { status: 204, headers };
  const result = { Location, Bucket: object.bucket, Key: object.key, ETag: etag };
  return { status: 201, headers, body: toXml('PostResponse', result) };
}
