import { S3Client } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { apiError } from '@larder/contracts';
import { lakeApi } from '@larder/contracts/lake/lake-api';
import { lazily, settings } from '@larder/service/aws/call';
import { variable } from '@larder/service/environment';
import { onRequest } from '@larder/service/on-request';
import { readFileKey } from '../files/file-key.ts';
import { members } from '../members-table.ts';
import { mostFileBytes } from '../take-file/take-file.ts';
import { mayDo, memberOf } from '../teams.ts';

const seconds = 300;
const route = lakeApi.routes.startUpload;
const client = /* @__PURE__ */ lazily(() => new S3Client(settings()));

export const handler = onRequest(lakeApi, 'startUpload', async ({ params: { dataset }, body: { file }, caller }) => {
  const member = await memberOf(members)(caller);
  if (!member || !mayDo(member.teams, 'upload')) throw apiError(route, 'NOT_ALLOWED');
  const Key = `${dataset}/${file}`;
  if ('problem' in readFileKey(Key)) throw apiError(route, 'NOT_A_NAME');
  const Conditions: ['content-length-range', number, number][] = [['content-length-range', 1, mostFileBytes]];
  const { url, fields } = await createPresignedPost(client(), { Bucket: variable('INBOX_BUCKET'), Key, Conditions, Expires: seconds });
  return { url, fields, expiresAt: new Date(Date.now() + seconds * 1000).toISOString() };
});
