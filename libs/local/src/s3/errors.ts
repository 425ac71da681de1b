import { AwsError } from '../kernel/aws-error.ts';

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
export const noSuchBucket = (BucketName: string): AwsError =>
  new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName });

export const noSuchKey = (Key: string): AwsError => new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key });

export const noSuchUpload = (UploadId: string): AwsError =>
  new AwsError('NoSuchUpload', 'The specified upload does not exist. It may have been aborted or completed.', 404, { UploadId });

export const accessDenied = (why = 'Access Denied'): AwsError => new AwsError('AccessDenied', why, 403);

export const invalidArgument = (why: string, ArgumentName?: string): AwsError =>
  new AwsError('InvalidArgument', why, 400, ArgumentName === undefined ? {} : { ArgumentName });

export const preconditionFailed = (Condition: string): AwsError =>
  new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, { Condition });

export const notImplemented = (what: string): AwsError =>
  new AwsError('NotImplemented', `The laptop cloud's S3 does not do this: ${what}.`, 501);
