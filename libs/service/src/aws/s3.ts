import {
  DeleteObjectCommand,
  type DeleteObjectCommandInput,
  type DeleteObjectCommandOutput,
  DeleteObjectsCommand,
  type DeleteObjectsCommandInput,
  type DeleteObjectsCommandOutput,
  GetObjectCommand,
  type GetObjectCommandInput,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  type HeadObjectCommandInput,
  type HeadObjectCommandOutput,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type PutObjectCommandInput,
  type PutObjectCommandOutput,
  S3Client,
} from '@aws-sdk/client-s3';
import { call, lazily, type Operation, settings, trace } from './call.ts';

/** S3, as far as services use it. A condition that does not hold is an `AwsFailure` of status 304 or 412. */
export interface S3 {
  readonly getObject: Operation<GetObjectCommandInput, GetObjectCommandOutput>;
  readonly headObject: Operation<HeadObjectCommandInput, HeadObjectCommandOutput>;
  readonly putObject: Operation<PutObjectCommandInput, PutObjectCommandOutput>;
  readonly deleteObject: Operation<DeleteObjectCommandInput, DeleteObjectCommandOutput>;
  /** Up to 1,000 keys. What could not be deleted stands among the `Errors` of an answer of 200. */
  readonly deleteObjects: Operation<DeleteObjectsCommandInput, DeleteObjectsCommandOutput>;
  readonly listObjectsV2: Operation<ListObjectsV2CommandInput, ListObjectsV2CommandOutput>;
}

const client = /* @__PURE__ */ lazily(() => {
  const made = new S3Client(settings());
  made.middlewareStack.use(trace());
  return made;
});

export const s3: S3 = {
  getObject: (input, options) => call((http) => client().send(new GetObjectCommand(input), http), options),
  headObject: (input, options) => call((http) => client().send(new HeadObjectCommand(input), http), options),
  putObject: (input, options) => call((http) => client().send(new PutObjectCommand(input), http), options),
  deleteObject: (input, options) => call((http) => client().send(new DeleteObjectCommand(input), http), options),
  deleteObjects: (input, options) => call((http) => client().send(new DeleteObjectsCommand(input), http), options),
  listObjectsV2: (input, options) => call((http) => client().send(new ListObjectsV2Command(input), http), options),
};
