import { toInvocation, within } from '@larder/service/invocation';
import { log } from '@larder/service/log';
import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { findResult, findSource, keepResult, readOverlay, readSource } from '../picture-store.ts';
import { readRequest } from '../request/read-request.ts';
import { settings } from '../settings.ts';
import { liveSecrets } from '../signing-keys.ts';
import { placeholder, transform } from '../transform/transform.ts';
import { serveImage } from './serve-image.ts';
import { toQuestion } from './to-question.ts';

const { PICTURES_BUCKET, AUTO_FORMATS, CORS_ORIGIN, FALLBACK_KEY, SIGNATURES } = settings;
const now = () => new Date();

const ports = { now, overlay: readOverlay };
const [edit, describe] = [transform(ports), placeholder(ports)];

const serve = serveImage({
  readRequest: async (incoming) =>
    readRequest({ buckets: [PICTURES_BUCKET], secrets: await liveSecrets(SIGNATURES), autoFormats: AUTO_FORMATS, now })(incoming),
  findSource,
  readSource,
  findResult,
  keepResult,
  make: (bytes, request) => (request.output.placeholder ? describe : edit)(bytes, request),
  fallback: FALLBACK_KEY === '' ? undefined : { bucket: PICTURES_BUCKET, key: FALLBACK_KEY },
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
