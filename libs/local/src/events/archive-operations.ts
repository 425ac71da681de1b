import { AwsError } from '../kernel/aws-error.ts';
import { page, read, type Operation } from '../kernel/json-api.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Archives } from './archives.ts';
import type { Archive, Replay } from './model.ts';
import type { Registry } from './registry.ts';
import type { Replays } from './replays.ts';
import { busNameOf } from './send.ts';

type Input = Readonly<Record<string, unknown>>;

const maximumPage = 100;

/** The operations about archives and replays. */
export function archiveOperations(
  kernel: Kernel,
  { registry, archives, replays }: { registry: Registry; archives: Archives; replays: Replays },
): Readonly<Record<string, Operation>> {
  const prefix = `arn:${kernel.partition}:events:${kernel.region}:${kernel.accountId}`;
  const on = (kind: 'archive' | 'replay', action: string, run: Operation['run']): Operation => ({
    permissions: (input) => {
      const name = read.optionalText(input, kind === 'archive' ? 'ArchiveName' : 'ReplayName') ?? '*';
      return [{ action: `events:${action}`, resource: `${prefix}:${kind}/${name}` }];
    },
    run,
  });
  const describe = (archive: Archive): object => {
    const { events, bytes } = archives.contents(archive.name);
    return {
      ArchiveName: archive.name,
      ArchiveArn: archive.arn,
      EventSourceArn: registry.hasBus(archive.bus) ? registry.bus(archive.bus).arn : undefined,
      Description: archive.description,
      EventPattern: archive.eventPattern,
      State: 'ENABLED',
      RetentionDays: archive.retentionDays,
      SizeBytes: bytes,
      EventCount: events,
      CreationTime: archive.createdAt / 1000,
    };
  };
  const answer = (archive: Archive): object => ({ ArchiveArn: archive.arn, State: 'ENABLED', CreationTime: archive.createdAt / 1000 });
  const describeReplay = (replay: Replay): object => ({
    ReplayName: replay.name,
    ReplayArn: replay.arn,
    Description: replay.description,
    State: replay.state,
    StateReason: replay.reason,
    EventSourceArn: `${prefix}:archive/${replay.archive}`,
    Destination: { Arn: `${prefix}:event-bus/${replay.bus}`, ...(replay.filterArns.length > 0 ? { FilterArns: replay.filterArns } : {}) },
    EventStartTime: replay.from / 1000,
    EventEndTime: replay.until / 1000,
    EventLastReplayedTime: seconds(replay.lastEventAt),
    ReplayStartTime: replay.startedAt / 1000,
    ReplayEndTime: seconds(replay.endedAt),
  });

  return {
    CreateArchive: on('archive', 'CreateArchive', (input) => {
      const name = read.text(input, 'ArchiveName');
      if (archives.find(name)) throw new AwsError('ResourceAlreadyExistsException', `Archive ${name} already exists.`);
      const bus = registry.bus(busNameOf(read.text(input, 'EventSourceArn'))).name;
      return answer(archives.put(name, bus, settings(input)));
    }),
    UpdateArchive: on('archive', 'UpdateArchive', (input) => {
      const before = archives.get(read.text(input, 'ArchiveName'));
      return answer(archives.put(before.name, before.bus, { ...before, ...given(settings(input), input) }));
    }),
    DescribeArchive: on('archive', 'DescribeArchive', (input) => describe(archives.get(read.text(input, 'ArchiveName')))),
    DeleteArchive: on('archive', 'DeleteArchive', (input) => {
      archives.remove(archives.get(read.text(input, 'ArchiveName')).name);
      return {};
    }),
    ListArchives: on('archive', 'ListArchives', (input) => {
      const start = read.optionalText(input, 'NamePrefix') ?? '';
      const source = read.optionalText(input, 'EventSourceArn');
      const found = archives.all().filter(({ name, bus }) => name.startsWith(start) && (source === undefined || busNameOf(source) === bus));
      const { items, ...more } = page(found, read.optionalText(input, 'NextToken'), limit(input));
      return { Archives: items.map(describe), ...more };
    }),
    StartReplay: on('replay', 'StartReplay', (input) => {
      const archive = archives.get(archiveNameOf(read.text(input, 'EventSourceArn')));
      const destination = (input['Destination'] ?? {}) as Input;
      const bus = busNameOf(read.text(destination, 'Arn'));
      if (bus !== archive.bus)
        throw new AwsError(
          'ValidationException',
          'Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.',
        );
      const filterArns = read.list(destination, 'FilterArns').map(String);
      const unknown = filterArns.find((arn) => !registry.rules(bus).some((rule) => rule.arn === arn));
      if (unknown !== undefined) throw new AwsError('ResourceNotFoundException', `Rule ${unknown} does not exist.`);
      const replay = replays.start({
        name: read.text(input, 'ReplayName'),
        description: read.optionalText(input, 'Description'),
        archive: archive.name,
        bus,
        filterArns,
        // Events tell whole seconds: one of the same second may be later.
        from: Math.floor(time(input, 'EventStartTime') / 1000) * 1000,
        until: time(input, 'EventEndTime'),
      });
      return { ReplayArn: replay.arn, State: replay.state, ReplayStartTime: replay.startedAt / 1000 };
    }),
    DescribeReplay: on('replay', 'DescribeReplay', (input) => describeReplay(replays.get(read.text(input, 'ReplayName')))),
    CancelReplay: on('replay', 'CancelReplay', (input) => {
      const replay = replays.cancel(read.text(input, 'ReplayName'));
      return { ReplayArn: replay.arn, State: replay.state };
    }),
    ListReplays: on('replay', 'ListReplays', (input) => {
      const start = read.optionalText(input, 'NamePrefix') ?? '';
      const state = read.optionalText(input, 'State');
      const found = replays.all().filter((replay) => replay.name.startsWith(start) && (state === undefined || replay.state === state));
      const { items, ...more } = page(found, read.optionalText(input, 'NextToken'), limit(input));
      return { Replays: items.map(describeReplay), ...more };
    }),
  };
}

function settings(input: Input): Pick<Archive, 'description' | 'eventPattern' | 'retentionDays'> {
  return {
    description: read.optionalText(input, 'Description'),
    eventPattern: read.optionalText(input, 'EventPattern'),
    retentionDays: read.optionalNumber(input, 'RetentionDays') ?? 0,
  };
}

/** UpdateArchive leaves alone what it is not given. */
function given(all: ReturnType<typeof settings>, input: Input): Partial<Archive> {
  return {
    ...(input['Description'] === undefined ? {} : { description: all.description }),
    ...(input['EventPattern'] === undefined ? {} : { eventPattern: all.eventPattern }),
    ...(input['RetentionDays'] === undefined ? {} : { retentionDays: all.retentionDays }),
  };
}

function archiveNameOf(arn: string): string {
  return /:archive\/(.+)$/.exec(arn)?.[1] ?? arn;
}

function time(input: Input, name: string): number {
  const value = input[name];
  const at = typeof value === 'number' ? value * 1000 : Date.parse(String(value));
  if (!Number.isFinite(at)) throw new AwsError('ValidationException', `Parameter ${name} is not valid.`);
  return at;
}

function seconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

function limit(input: Input): number {
  return Math.max(1, Math.min(maximumPage, read.optionalNumber(input, 'Limit') ?? maximumPage));
}
