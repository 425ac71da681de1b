import { s3 } from '@larder/service/aws/s3';
import { variable } from '@larder/service/environment';

/** What an answer holds: the columns, and the rows as arrays. */
export interface KeptAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
  readonly truncated: boolean;
}

export async function keepAnswer(key: string, answer: KeptAnswer): Promise<void> {
  await s3.putObject({ Bucket: variable('ANSWERS_BUCKET'), Key: key, Body: JSON.stringify(answer) });
}

export async function readAnswer(key: string): Promise<KeptAnswer> {
  const { Body } = await s3.getObject({ Bucket: variable('ANSWERS_BUCKET'), Key: key });
  return JSON.parse((await Body?.transformToString()) ?? '') as KeptAnswer;
}
