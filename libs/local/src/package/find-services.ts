import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type { ServiceSource } from './service-source.ts';

const COMPOSE_FILES = ['serverless-compose.yml', 'serverless-compose.yaml'];
const SERVICE_FILES = [
  'serverless.yml',
  'serverless.yaml',
  'serverless.json',
  'serverless.ts',
  'serverless.js',
  'serverless.mjs',
  'serverless.cjs',
];

/**
 * Finds the services of a folder: those of its compose file, or the one that its `serverless.yml` describes.
 *
 * @throws {Error} a sentence for the person at the keyboard: nothing to run, or an entry that cannot be used.
 * @see https://www.serverless.com/framework/docs/guides/compose
 */
export async function findServices(folder: string, stage: string): Promise<readonly ServiceSource[]> {
  const compose = COMPOSE_FILES.find((file) => existsSync(join(folder, file)));
  if (compose !== undefined) return composeServices(folder, compose, stage);
  const config = SERVICE_FILES.find((file) => existsSync(join(folder, file)));
  if (config === undefined) {
    throw new Error(`${folder} has neither serverless-compose.yml nor serverless.yml: point at a folder that has one of them.`);
  }
  return [{ name: await nameOf(folder, config), folder, dependsOn: [], params: {} }];
}

async function composeServices(folder: string, file: string, stage: string): Promise<readonly ServiceSource[]> {
  const document = await readYaml(join(folder, file));
  const entries = isRecord(document) && isRecord(document['services']) ? Object.entries(document['services']) : [];
  if (entries.length === 0) throw new Error(`${file} names no services: it needs \`services: { <name>: { path: <folder> } }\`.`);
  const names = new Set(entries.map(([name]) => name));
  return entries.map(([name, entry]) => toSource({ folder, file, names, stage }, name, entry));
}

interface Compose {
  readonly folder: string;
  readonly file: string;
  readonly names: ReadonlySet<string>;
  readonly stage: string;
}

function toSource({ folder, file, names, stage }: Compose, name: string, entry: unknown): ServiceSource {
  const where = `service '${name}' of ${file}`;
  if (!isRecord(entry) || typeof entry['path'] !== 'string') throw new Error(`The ${where} has no \`path\`.`);
  const path = resolve(folder, entry['path']);
  const config = typeof entry['config'] === 'string' ? entry['config'] : undefined;
  const found = config === undefined ? SERVICE_FILES.some((each) => existsSync(join(path, each))) : existsSync(join(path, config));
  if (!found) throw new Error(`The ${where} points at ${entry['path']}, where there is no ${config ?? 'serverless.yml'}.`);

  const dependsOn = [entry['dependsOn'] ?? []].flat().map(String);
  const unknown = dependsOn.find((other) => !names.has(other));
  if (unknown !== undefined) throw new Error(`The ${where} depends on '${unknown}', which the file does not name.`);
  return { name, folder: path, config, dependsOn, params: paramsOf(where, entry['params'], stage) };
}

function paramsOf(where: string, params: unknown, stage: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(isRecord(params) ? params : {})) {
    const resolved = String(value)
      .replaceAll('${sls:stage}', stage)
      .replaceAll(/\$\{env:([\w.-]+)\}/g, (_, variable: string) => {
        const set = process.env[variable];
        if (set !== undefined) return set;
        throw new Error(`The ${where} takes its parameter '${name}' from the environment variable ${variable}, which is not set.`);
      });
    if (resolved.includes('${')) {
      // The outputs of another service exist only after it was deployed, so a package that needs them cannot be made by itself.
      throw new Error(
        `The ${where} takes its parameter '${name}' from another service's output (${resolved}). Hand it over through an SSM parameter.`,
      );
    }
    result[name] = resolved;
  }
  return result;
}

async function nameOf(folder: string, config: string): Promise<string> {
  if (!/\.(ya?ml|json)$/.test(config)) return basename(folder);
  const document = await readYaml(join(folder, config));
  const service = isRecord(document) ? document['service'] : undefined;
  return typeof service === 'string' ? service : basename(folder);
}

async function readYaml(path: string): Promise<unknown> {
  // Tags such as !Ref are CloudFormation's; nothing that is read here carries one.
  const document = parseDocument(await readFile(path, 'utf8'), { logLevel: 'silent' });
  const [error] = document.errors;
  if (error) throw new Error(`${path} is not YAML: ${error.message}`);
  return document.toJS();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
