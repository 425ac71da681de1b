import { s3 } from '@larder/service/aws/s3';
import { variable } from '@larder/service/environment';
import { table } from '@larder/service/table';
import type { Hours } from './datasets.ts';
import { packLines, unpackLines } from './raw-lines.ts';

/** Something in `raw/`. */
export interface RawObject {
  readonly key: string;
  readonly bytes: number;
}

/** What of it is not refined yet. */
export interface ArrivedObject extends RawObject {
  readonly dataset: string;
}

/** A file of Parquet. It never changes. */
export interface LakeFile {
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
}

/** What a dataset holds of one hour. */
export interface Partition {
  readonly dataset: string;
  /** `2026-11-27-02`, in UTC. */
  readonly hour: string;
  /** Counts the changes. */
  readonly version: number;
  readonly files: readonly LakeFile[];
  readonly refreshedAt: string;
}

const arrivals = table<ArrivedObject & { readonly after?: string }>('Arrivals');
const partitions = table<Partition>('Partitions');
const Bucket = (): string => variable('LAKE_BUCKET');

/** Keeps lines as they came, and notes that they are to be refined. The same id again changes nothing. */
export async function keepRaw(dataset: string, id: string, lines: readonly string[], now: Date): Promise<void> {
  const key = `${rawDay(dataset, now.toISOString().slice(0, 10))}${id}.ndjson.zst`;
  const Body = packLines(lines);
  await s3.putObject({ Bucket: Bucket(), Key: key, Body });
  await arrive(dataset, { key, bytes: Body.byteLength });
}

/** Where everything is that arrived in a day. */
const rawDay = (dataset: string, day: string): string => `raw/${dataset}/day=${day}/`;

/** Notes that an object is to be refined. */
export const arrive = (dataset: string, { key, bytes }: RawObject): Promise<void> => arrivals.put({ dataset, key, bytes });

/** Up to 1,000 objects that arrived in a day. @param after what the page before this one said is next. */
export async function listRaw(
  dataset: string,
  day: string,
  after: string | undefined,
): Promise<{ readonly objects: readonly RawObject[]; readonly next?: string | undefined }> {
  const page = await s3.listObjectsV2({ Bucket: Bucket(), Prefix: rawDay(dataset, day), ContinuationToken: after });
  const objects = (page.Contents ?? []).flatMap(({ Key, Size }) => (Key === undefined ? [] : [{ key: Key, bytes: Size ?? 0 }]));
  return { objects, next: page.NextContinuationToken };
}

/** An object of the lake, whatever it is. */
export interface StoredObject {
  readonly key: string;
  readonly changedAt: Date;
}

/** Up to some objects under a prefix, in the order of their keys. @param after the key of the last one that was seen. */
export async function listObjects(Prefix: string, MaxKeys: number, after: string | undefined): Promise<StoredObject[]> {
  const { Contents = [] } = await s3.listObjectsV2({ Bucket: Bucket(), Prefix, MaxKeys, StartAfter: after });
  return Contents.flatMap(({ Key, LastModified }) => (Key === undefined ? [] : [{ key: Key, changedAt: LastModified ?? new Date() }]));
}

export async function removeObject(key: string): Promise<void> {
  await s3.deleteObject({ Bucket: Bucket(), Key: key });
}

/** The oldest of what is not refined. */
export async function findArrivals(dataset: string, limit: number): Promise<ArrivedObject[]> {
  const { items } = await arrivals.query({ where: 'dataset = :dataset', values: { ':dataset': dataset }, limit, consistent: true });
  return items;
}

export const forgetArrival = ({ dataset, key }: ArrivedObject): Promise<void> => arrivals.delete({ dataset, key });

/** The lines of a raw object. */
export async function readRaw(key: string): Promise<string[]> {
  return unpackLines(key, await readFile(key));
}

export async function readFile(key: string): Promise<Uint8Array> {
  const { Body } = await s3.getObject({ Bucket: Bucket(), Key: key });
  if (!Body) throw new TypeError(`${key} has no content`);
  return Body.transformToByteArray();
}

export async function writeFile(key: string, Body: Uint8Array | string): Promise<void> {
  await s3.putObject({ Bucket: Bucket(), Key: key, Body });
}

/** Files that were replaced go when nobody can be reading them any more. */
export async function dropLater(files: readonly LakeFile[], now: Date): Promise<void> {
  const after = new Date(now.getTime() + 10 * 60_000).toISOString();
  for (const { key, bytes } of files) await arrivals.put({ dataset: '_dropped', key, bytes, after });
}

export async function dropDue(now: Date): Promise<void> {
  const { items } = await arrivals.query({ where: 'dataset = :dataset', values: { ':dataset': '_dropped' }, limit: 500 });
  for (const item of items) {
    if (item.after === undefined || item.after > now.toISOString()) continue;
    await removeObject(item.key);
    await forgetArrival(item);
  }
}

export const findPartition = (dataset: string, hour: string): Promise<Partition | undefined> =>
  partitions.get({ dataset, hour }, { consistent: true });

/** @throws {ConditionFailed} when the partition is not any more what was found. */
export async function keepPartition(partition: Partition): Promise<void> {
  const unchanged =
    partition.version === 1
      ? { condition: 'attribute_not_exists(#hour)', names: { '#hour': 'hour' } }
      : { condition: 'version = :before', values: { ':before': partition.version - 1 } };
  await partitions.put(partition, unchanged);
}

/** What a dataset holds of some hours. */
export function findPartitions(dataset: string, { from, to }: Hours): Promise<Partition[]> {
  return partitions.queryAll({
    where: 'dataset = :dataset AND #hour BETWEEN :from AND :to',
    names: { '#hour': 'hour' },
    values: { ':dataset': dataset, ':from': from, ':to': to },
    consistent: true,
  });
}
