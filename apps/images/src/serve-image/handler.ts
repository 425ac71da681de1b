import { toInvocation, within } from '@larder/service/invocation';
import { log } from '@larder/service/log';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { findResult, findSource, keepResult, readOverlay, readSource } from '../picture-store.ts';
import { configuration } from '../configuration.ts';
import { findFaces, findLabels } from '../recognition.ts';
import { isMapped, readRequest, type RequestRules } from '../request/read-request.ts';
import { settings } from '../settings.ts';
import { liveSecrets } from '../signing-keys.ts';
import { placeholder, transform } from '../transform/transform.ts';
import { serveImage } from './serve-image.ts';
import { toQuestion } from './to-question.ts';

const { PICTURES_BUCKET, FOREIGN_BUCKETS, EDITS, AUTO_FORMATS, CORS_ORIGIN, FALLBACK_KEY, RECOGNITION, SIGNATURES } = settings;
const now = () => new Date();

const ports = { now, overlay: readOverlay, ...(RECOGNITION === 'on' && { findFaces, findLabels }) };
const [edit, describe] = [transform(ports), placeholder(ports)];

const [first = PICTURES_BUCKET, ...others] = [...FOREIGN_BUCKETS.split(',').filter(Boolean), PICTURES_BUCKET];
const rules: RequestRules = {
  buckets: [first, ...others],
  configuration,
  policiesOnly: EDITS === 'policies-only',
  autoFormats: AUTO_FORMATS,
  now,
};

const serve = serveImage({
  readRequest: async (incoming) => readRequest({ ...rules, secrets: await liveSecrets(SIGNATURES) })(incoming),
  findSource,
  readSource,
  findResult,
  keepResult,
  make: (bytes, request) => (request.output.placeholder ? describe : edit)(bytes, request),
  fallback: FALLBACK_KEY === '' ? undefined : { bucket: PICTURES_BUCKET, key: FALLBACK_KEY },
  isMapped: (question) => isMapped(question, configuration),
  report: (error) => log.error('A picture could not be served', {}, error),
});

/** A function URL with streamed answers: a picture may be larger than the 6 MB of others. */
export const handler = awslambda.streamifyResponse(async (event: LambdaFunctionURLEvent, stream, context) => {
  const { status, headers, body } = await within(toInvocation(context), () => serve(toQuestion(event)));
  const cors = CORS_ORIGIN === '' ? {} : { 'access-control-allow-origin': CORS_ORIGIN };
  const answer = awslambda.HttpResponseStream.from(stream, { statusCode: status, headers: { ...headers, ...cors } });
  // Status and headers go out with the first write, and `end` is none.
  answer.write(event.requestContext.http.method === 'HEAD' ? '' : (body ?? ''));
  answer.end();
});
