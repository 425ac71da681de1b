declare module 'aws-kinesis-agg' {
  interface Aggregated {
    readonly partitionKey: string;
    readonly data: Buffer;
  }
  export class RecordAggregator {
    constructor(onReady?: (error: Error | undefined, aggregated: Aggregated) => void);
    addUserRecord(record: { partitionKey: string; data: Buffer }): void;
    flushBufferedRecords(onReady: (error: Error | undefined, aggregated: Aggregated) => void): void;
  }
  export function deaggregateSync(
    record: { partitionKey: string; data: string },
    computeChecksums: boolean,
    onDone: (error: Error | undefined, records: readonly { data: string }[]) => void,
  ): void;
}
