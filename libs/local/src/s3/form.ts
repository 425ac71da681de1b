import { AwsError } from '../kernel/aws-error.ts';
import { createReader } from './reader.ts';

/** A form whose fields were read, and whose file has yet to be. */
export interface Form {
  /** By name, in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly filename: string;
  readonly file: AsyncIterable<Buffer>;
}

/** All that stands before the file: the limit that S3 names. */
const LARGEST_FIELDS = 20 * 1024;
const CRLF = Buffer.from('\r\n');

/**
 * Reads a `multipart/form-data` up to its file, which is the last thing of it that counts.
 *
 * @throws {AwsError} `MalformedPOSTRequest`, `MaxPostPreDataLengthExceeded`, `IncorrectNumberOfFilesInPostRequest`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export async function readForm(bytes: AsyncIterable<Buffer>, contentType: string): Promise<Form> {
  const [, quoted, plain] = /boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  const reader = createReader(bytes);
  const fields = new Map<string, string>();
  const end = Buffer.from(`\r\n--${boundary}`);
  let left = LARGEST_FIELDS;
  const until = async (marker: Buffer): Promise<Buffer> => {
    const piece = await reader.until(marker, left);
    if (piece === undefined) {
      if (left < LARGEST_FIELDS)
        throw new AwsError('MaxPostPreDataLengthExceeded', 'Your POST request fields preceding the upload file were too large.');
      throw malformed();
    }
    left -= piece.length;
    return piece;
  };

  await until(end.subarray(CRLF.length));
  for (;;) {
    // After the last boundary come two dashes instead of the end of the line.
    const rest = (await until(CRLF)).toString('latin1');
    if (rest.startsWith('--'))
      throw new AwsError('IncorrectNumberOfFilesInPostRequest', 'POST requires exactly one file upload per request.');
    const { name, filename } = disposition((await until(Buffer.from('\r\n\r\n'))).toString('utf8'));
    if (name === 'file') return { fields, filename, file: reader.before(end) };
    fields.set(name, (await until(end)).toString('utf8'));
  }
}

function disposition(headers: string): { readonly name: string; readonly filename: string } {
  const line = headers.split('\r\n').find((each) => /^content-disposition:\s*form-data/i.test(each)) ?? '';
  const name = /;\s*name="([^"]*)"/i.exec(line)?.[1];
  if (name === undefined) throw malformed();
  // Browsers once sent whole paths.
  const filename = (/;\s*filename="([^"]*)"/i.exec(line)?.[1] ?? '').split(/[\\/]/).at(-1) ?? '';
  return { name: name.toLowerCase(), filename };
}

function malformed(): AwsError {
  return new AwsError('MalformedPOSTRequest', 'The body of your POST request is not well-formed multipart/form-data.');
}
