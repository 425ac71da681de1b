import { randomUUID } from 'node:crypto';
import type { Kernel } from '../kernel/kernel.ts';
import type { BusEvent } from './model.ts';

/** An entry of PutEvents, as it comes. */
export interface PutEntry {
  readonly Source?: unknown;
  readonly DetailType?: unknown;
  readonly Detail?: unknown;
  readonly Time?: unknown;
  readonly Resources?: unknown;
  readonly EventBusName?: unknown;
  readonly TraceHeader?: unknown;
}

export interface EntryError {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/** Longest `DetailType`, in characters. */
const maximumDetailType = 128;
const maximumSource = 256;

/**
 * Makes the event of an entry, or says what is wrong with it.
 *
 * @param own true for events of AWS's services, whose source begins with `aws.`
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html
 */
export function toEvent(entry: PutEntry, kernel: Kernel, own = false): BusEvent | EntryError {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (typeof entry[name] !== 'string' || entry[name] === '') return invalid(name, `${name} is a required argument.`);
  }
  const { Source, DetailType, Detail } = entry as { Source: string; DetailType: string; Detail: string };
  if (Source.length > maximumSource) return invalid('Source', `Source has more than ${maximumSource} characters.`);
  if (DetailType.length > maximumDetailType) return invalid('DetailType', `DetailType has more than ${maximumDetailType} characters.`);
  if (!own && Source.startsWith('aws.'))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const resources: unknown = entry.Resources ?? [];
  if (!isTexts(resources)) return invalid('Resources', 'Resources is a list of strings.');
  const time = entry.Time === undefined || entry.Time === null ? kernel.now() : toMilliseconds(entry.Time);
  if (!Number.isFinite(time) || Math.abs(time) > 8.64e15) return invalid('Time', 'Time is not a timestamp.');
  const detail = parseDetail(Detail);
  if (!detail) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return makeEvent(kernel, { source: Source, detailType: DetailType, time, resources, detail });
}

export function makeEvent(
  kernel: Kernel,
  parts: { source: string; detailType: string; time: number; resources: readonly string[]; detail: Readonly<Record<string, unknown>> },
): BusEvent {
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': parts.detailType,
    source: parts.source,
    account: kernel.accountId,
    time: `${new Date(parts.time).toISOString().slice(0, 19)}Z`,
    region: kernel.region,
    resources: parts.resources,
    detail: parts.detail,
  };
}

export function isError(result: BusEvent | EntryError): result is EntryError {
  return 'ErrorCode' in result;
}

/**
 * The size of an entry, in bytes: 14 for a time, and the UTF-8 of source, detail-type, detail and each resource.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
export function entrySize(entry: PutEntry): number {
  const resources = Array.isArray(entry.Resources) ? entry.Resources : [];
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...resources];
  const time = entry.Time === undefined || entry.Time === null ? 0 : 14;
  return texts.reduce<number>((size, text) => size + (typeof text === 'string' ? Buffer.byteLength(text) : 0), time);
}

/** awsJson sends seconds since 1970; the CLI may send ISO 8601. */
function toMilliseconds(time: unknown): number {
  return typeof time === 'number' ? time * 1000 : Date.parse(String(time));
}

function parseDetail(text: string): Record<string, unknown> | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? (detail as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function invalid(name: string, reason: string): EntryError {
  return { ErrorCode: 'InvalidArgument', ErrorMessage: `Parameter ${name} is not valid. Reason: ${reason}` };
}
