import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { lazily, settings } from '@larder/service/aws/call';
import { variable } from '@larder/service/environment';
import { onRequest } from '@larder/service/on-request';
import { answerKey, type Format, keepFile, readAnswerFile, sizeOf } from '../answers.ts';
import { findOwnQuery } from '../queries-table.ts';
import { convert } from './convert.ts';

const seconds = 300;
const route = lakeApi.routes.getResult;
const client = /* @__PURE__ */ lazily(() => new S3Client(settings()));

export const handler = onRequest(lakeApi, 'getResult', async ({ params, query: { format }, caller }) => {
  const query = await findOwnQuery(params.queryId, caller);
  if (!query) throw apiError(route, 'UNKNOWN_QUERY');
  if (!query.answer) throw apiError(route, 'NO_ANSWER');
  const { queryId } = query;
  const bytes = (await sizeOf(queryId, format)) ?? (await make(queryId, format));
  const expiresAt = new Date(Date.now() + seconds * 1000).toISOString();
  return { url: await sign(queryId, format), bytes, expiresAt };
});

/** Makes the form that is asked for the first time. */
async function make(queryId: string, format: Format): Promise<number> {
  // The Parquet is kept with the answer, for as long: without it there is none.
  if (format === 'parquet') throw apiError(route, 'NO_ANSWER');
  const content = await convert[format](await readAnswerFile(queryId, 'parquet'));
  await keepFile(queryId, format, content);
  return content.byteLength;
}

function sign(queryId: string, format: Format): Promise<string> {
  const command = new GetObjectCommand({
    Bucket: variable('ANSWERS_BUCKET'),
    Key: answerKey(queryId, format),
    ResponseContentDisposition: `attachment; filename="${queryId}.${format}"`,
  });
  return getSignedUrl(client(), command, { expiresIn: seconds });
}
