import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { access, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fromBufferPromise } from 'yauzl';
import { AwsError } from '../kernel/aws-error.ts';

/** A function's code, unpacked. */
export interface Code {
  readonly directory: string;
  /** As Lambda reports it: SHA-256 of the archive, base64. */
  readonly sha256: string;
  readonly bytes: number;
}

/** Lambda's limit for an unpacked archive. */
const UNPACKED_BYTES = 250 * 1024 * 1024;

/**
 * Unpacks the archive that `Code.S3Key` names, found by its last segment in the folder that `sls package` wrote. The folder is named after the
 * archive's content, so the same code is unpacked once.
 * @throws {AwsError} `InvalidParameterValueException` when there is no such archive, or it is none.
 */
export async function unpack(code: Readonly<Record<string, unknown>>, packageDirectory: string, codeDirectory: string): Promise<Code> {
  const inline = code['ZipFile'];
  if (typeof inline === 'string') return writeInline(inline, codeDirectory);
  const key = code['S3Key'];
  if (typeof key !== 'string') throw invalid('Code needs S3Key (an archive that `sls package` wrote) or ZipFile (source text).');
  const path = join(packageDirectory, basename(key));
  const archive = await readFile(path).catch((cause: unknown) => {
    throw invalid(`The archive ${basename(key)} is not in ${packageDirectory}: ${String(cause)}`);
  });
  const sha256 = createHash('sha256').update(archive).digest();
  return {
    sha256: sha256.toString('base64'),
    bytes: archive.length,
    directory: await once(join(codeDirectory, sha256.toString('hex').slice(0, 32)), (folder) => extract(archive, folder)),
  };
}

async function writeInline(source: string, codeDirectory: string): Promise<Code> {
  const sha256 = createHash('sha256').update(source).digest();
  return {
    sha256: sha256.toString('base64'),
    bytes: Buffer.byteLength(source),
    directory: await once(join(codeDirectory, sha256.toString('hex').slice(0, 32)), (folder) =>
      writeFile(join(folder, 'index.js'), source),
    ),
  };
}

/** Fills a folder beside the wanted one and moves it there: a start that is killed half-way leaves nothing that looks complete. */
async function once(folder: string, fill: (folder: string) => Promise<void>): Promise<string> {
  if (await exists(folder)) return folder;
  const draft = `${folder}.${randomUUID()}`;
  try {
    await mkdir(draft, { recursive: true });
    await fill(draft);
    // Ends Node's search for the package that a file belongs to, which would go on into the folders around.
    if (!(await exists(join(draft, 'package.json')))) await writeFile(join(draft, 'package.json'), '{}');
    await rename(draft, folder);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    if (!(await exists(folder))) throw error;
  }
  return folder;
}

async function extract(archive: Buffer, folder: string): Promise<void> {
  let bytes = 0;
  try {
    const zip = await fromBufferPromise(archive, { lazyEntries: true });
    for await (const entry of zip.eachEntry()) {
      const path = resolve(folder, entry.fileName);
      if (!path.startsWith(folder + sep)) throw invalid(`The archive holds a path that leaves it: ${entry.fileName}`);
      bytes += entry.uncompressedSize;
      if (bytes > UNPACKED_BYTES) throw invalid(`Unzipped size must be smaller than ${String(UNPACKED_BYTES)} bytes`);
      if (entry.fileName.endsWith('/')) await mkdir(path, { recursive: true });
      else {
        await mkdir(dirname(path), { recursive: true });
        await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(path));
      }
    }
  } catch (error) {
    if (error instanceof AwsError) throw error;
    throw invalid(`Could not unzip uploaded file. Please check your file, then try to upload again. (${String(error)})`);
  }
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message);
}
