import { s3 } from '@larder/service/aws/s3';
import { variable } from '@larder/service/environment';
import { AwsFailure } from '@larder/service/errors';

export interface AnswerColumn {
  readonly name: string;
  /** As DuckDB calls it. */
  readonly type: string;
}

/** Rows as arrays, in the order of the columns. */
export type AnswerRows = readonly (readonly unknown[])[];

/** Forms in which a whole answer can be had. */
export const formats = {
  parquet: 'application/vnd.apache.parquet',
  csv: 'text/csv',
  arrow: 'application/vnd.apache.arrow.stream',
} as const;
export type Format = keyof typeof formats;

const bucket = (): string => variable('ANSWERS_BUCKET');
const pageKey = (queryId: string, page: number): string => `${queryId}/${page}.json`;

/** Where an answer is kept as a whole. */
export const answerKey = (queryId: string, format: Format): string => `${queryId}/answer.${format}`;

/** Keeps one page of an answer. @param page from 0. */
export async function keepPage(queryId: string, page: number, rows: AnswerRows): Promise<void> {
  await s3.putObject({ Bucket: bucket(), Key: pageKey(queryId, page), Body: JSON.stringify(rows), ContentType: 'application/json' });
}

export async function readPage(queryId: string, page: number): Promise<AnswerRows> {
  const { Body } = await s3.getObject({ Bucket: bucket(), Key: pageKey(queryId, page) });
  return JSON.parse((await Body?.transformToString()) ?? '') as AnswerRows;
}

/** Keeps an answer as a whole. */
export async function keepFile(queryId: string, format: Format, Body: Uint8Array): Promise<void> {
  await s3.putObject({ Bucket: bucket(), Key: answerKey(queryId, format), Body, ContentType: formats[format] });
}

export async function readAnswerFile(queryId: string, format: Format): Promise<Uint8Array> {
  const { Body } = await s3.getObject({ Bucket: bucket(), Key: answerKey(queryId, format) });
  if (!Body) throw new TypeError(`${queryId} has no content`);
  return Body.transformToByteArray();
}

/** @returns its bytes, or undefined when the answer is not there in this form. */
export async function sizeOf(queryId: string, format: Format): Promise<number | undefined> {
  try {
    return (await s3.headObject({ Bucket: bucket(), Key: answerKey(queryId, format) })).ContentLength;
  } catch (error) {
    // Who may not list a bucket is told 403 for what is not there.
    if (error instanceof AwsFailure && (error.status === 404 || error.status === 403)) return undefined;
    throw error;
  }
}

/** Up to some kept pages and files of answers, in the order of their keys. */
export async function listAnswers(limit: number, after: string | undefined): Promise<string[]> {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: bucket(), MaxKeys: limit, StartAfter: after });
  return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
}

/** The text of a kept page. */
export async function readAnswerText(key: string): Promise<string> {
  const { Body } = await s3.getObject({ Bucket: bucket(), Key: key });
  return (await Body?.transformToString()) ?? '';
}

/** Forgets an answer, in all its forms. */
export async function dropAnswer(queryId: string): Promise<void> {
  for (;;) {
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: bucket(), Prefix: `${queryId}/` });
    if (Contents.length === 0) return;
    for (const { Key } of Contents) await s3.deleteObject({ Bucket: bucket(), Key });
  }
}
