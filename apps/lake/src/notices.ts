import { notify } from '@larder/service/notify';

/** What people who look after data are told. By `kind` and `dataset` a subscription can choose. */
export type LakeNotice =
  | { readonly kind: 'dataset-created'; readonly dataset: string; readonly origin: string }
  | { readonly kind: 'schema-changed'; readonly dataset: string; readonly origin: string; readonly version: number }
  | { readonly kind: 'ingest-failed'; readonly dataset: string; readonly count: number; readonly problem: string }
  | { readonly kind: 'quality-broken'; readonly dataset: string; readonly rule: string; readonly measured: number; readonly limit: number }
  | { readonly kind: 'query-over-limit'; readonly dataset: string; readonly queryId: string; readonly problem: string }
  | { readonly kind: 'audit-broken'; readonly dataset: string; readonly sequence: number };

const subjects: Readonly<Record<LakeNotice['kind'], string>> = {
  'dataset-created': 'A dataset was created',
  'schema-changed': 'A schema has changed',
  'ingest-failed': 'Something that arrived could not be taken',
  'quality-broken': 'A rule of quality is broken',
  'query-over-limit': 'A question was over its limit',
  'audit-broken': 'The audit trail was changed',
};

/** Tells it on the topic `Notices`: JSON, with `kind` and `dataset` as attributes. */
export async function tell(notice: LakeNotice): Promise<void> {
  const { kind, dataset } = notice;
  await notify('Notices', { subject: `${subjects[kind]}: ${dataset}`, message: JSON.stringify(notice), attributes: { kind, dataset } });
}
