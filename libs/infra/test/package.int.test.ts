import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Template {
  Resources: Record<string, { Type: string; Properties: Record<string, unknown>; DependsOn?: string | string[] }>;
  Parameters: Record<string, unknown>;
  Outputs: Record<string, { Export?: unknown }>;
}

const run = promisify(execFile);
const sls = fileURLToPath(import.meta.resolve('serverless/bin/serverless.js'));
const fixture = (name: string): string => fileURLToPath(new URL(`fixtures/${name}`, import.meta.url));

/** Packages a fixture as people do, but for the network: whatever osls would reach for is not there. */
async function pack(name: string, folder: string, ...options: string[]): Promise<string> {
  const environment = { PATH: process.env['PATH'], HOME: folder, HTTPS_PROXY: 'http://127.0.0.1:9', AWS_EC2_METADATA_DISABLED: 'true' };
  try {
    const { stdout, stderr } = await run(process.execPath, [sls, 'package', '--package', join(folder, 'out'), ...options], {
      cwd: fixture(name),
      env: environment,
      timeout: 60_000,
    });
    return stdout + stderr;
  } catch (error) {
    const { stdout, stderr, killed } = error as { stdout: string; stderr: string; killed: boolean };
    if (killed) throw new Error(`never ended, after it had said: ${stdout + stderr}`, { cause: error });
    return stdout + stderr;
  }
}

let folder: string;
let template: Template;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'infra-'));
  const output = await pack('inventory', folder, '--stage', 'local');
  const file = join(folder, 'out', 'cloudformation-template-update-stack.json');
  if (!existsSync(file)) throw new Error(output);
  template = JSON.parse(await readFile(file, 'utf8')) as Template;
}, 60_000);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  // What is left when packaging fails.
  for (const left of ['.esbuild', '.serverless']) await rm(join(fixture('bakery'), left), { recursive: true, force: true });
});

test('every function has an archive, the publisher of the outbox too', async () => {
  const archives = (await readdir(join(folder, 'out'))).filter((file) => file.endsWith('.zip'));
  expect(archives.sort()).toEqual(['countStock.zip', 'getStock.zip', 'publishOutbox.zip', 'receiveStock.zip', 'reserveStock.zip']);
});

test("packaging leaves nothing behind in the service's folder", async () => {
  expect((await readdir(fixture('inventory'))).sort()).toEqual(['resources.yml', 'serverless.yml', 'src']);
});

test('whatever a resource refers to is in the template', () => {
  const known = new Set([...Object.keys(template.Resources), ...Object.keys(template.Parameters)]);
  const missing = referencesIn(template.Resources).filter((id) => !known.has(id) && !id.startsWith('AWS::'));
  expect(missing).toEqual([]);
});

test('no resource waits for itself, by whatever way', () => {
  const edges = Object.entries(template.Resources).map(([id, { DependsOn = [], ...resource }]): [string, string[]] => [
    id,
    [...referencesIn(resource), ...[DependsOn].flat()].filter((other) => other in template.Resources),
  ]);
  const graph = new Map(edges);
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): void => {
    if (path.includes(id)) throw new Error([...path, id].join(' → '));
    if (done.has(id)) return;
    graph.get(id)?.forEach((next) => visit(next, [...path, id]));
    done.add(id);
  };
  expect(() => [...graph.keys()].forEach((id) => visit(id, []))).not.toThrow();
});

test('every function runs on arm64 and Node 24 under a role of its own', () => {
  const functions = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  const roles = functions.map(([, { Properties }]) => JSON.stringify(Properties['Role']));
  expect(new Set(roles).size).toBe(functions.length);
  expect(template.Resources).not.toHaveProperty('IamRoleLambdaExecution');
  for (const [, { Properties }] of functions) {
    expect(Properties).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], TracingConfig: { Mode: 'Active' } });
  }
});

test('every log is kept for a time and no longer', () => {
  const groups = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Logs::LogGroup');
  expect(groups.length).toBeGreaterThan(5);
  for (const { Properties } of groups) expect(Properties['RetentionInDays']).toBe(30);
});

test('routes of services are for callers with a signature', () => {
  const routes = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
  expect(routes.map(({ Properties }) => [Properties['RouteKey'], Properties['AuthorizationType']])).toEqual([
    ['GET /stock/{productId}', 'AWS_IAM'],
    ['POST /stock/{productId}/receipts', 'AWS_IAM'],
  ]);
});

test('nothing is exported from the stack', () => {
  expect(Object.values(template.Outputs).filter((output) => output.Export)).toEqual([]);
});

test('mistakes are told all at once, each with how to mend it', async () => {
  const output = await pack('mistakes', folder);
  expect(output).toContain('functions.reserveStock: orders.OrderPlaced.v2 is no contract; did you mean orders.OrderPlaced.v1?');
  expect(output).toContain("functions.reserveStock: asks for the table 'Stok', which resources.yml lacks; there is none");
  expect(output).toContain('functions.reserveStock: publishes orders.OrderPlaced.v1, but only orders may');
  expect(output).toContain("functions: no function serves the route 'getStock' of inventory's API contract");
  expect(output).toContain('functions.reserveStock.handler: there is no src/reserve-stok/handler.ts');
  expect(output).not.toContain('Service packaged');
  expect(output).not.toMatch(/^\s+at /m);
}, 60_000);

test('a service is refused for a stage that it never goes to', async () => {
  expect(await pack('mistakes', folder, '--stage', 'production')).toContain("inventory is never deployed to 'production'");
}, 60_000);

test('packaging that fails once it has bundled says so, and ends', async () => {
  expect(await pack('bakery', folder, '--param', 'handler=broken')).toContain('Could not resolve "./gone.ts"');
  expect(await pack('bakery', folder, '--param', 'handler=heavy')).toMatch(
    /functions\.bake: its archive is \d+ KB, over the budget of 1 KB/,
  );
}, 150_000);

test('native code comes along, for this machine in the stage that runs on it, with the one function that needs it', async () => {
  const output = await pack('engraver', folder, '--stage', 'local');
  expect(output).toContain('Service packaged');
  const { stdout } = await run('tar', ['-tf', join(folder, 'out/engrave.zip')]).catch(() =>
    run('unzip', ['-l', join(folder, 'out/engrave.zip')]),
  );
  expect(stdout).toContain(`node_modules/@img/sharp-${process.platform}-${process.arch}/`);
  expect(stdout).not.toContain('musl');
  expect((await readFile(join(folder, 'out/count.zip'))).length).toBeLessThan(10_000);
}, 60_000);

test('what is no name is refused with what there is', async () => {
  const output = await pack('nameless', folder);
  expect(output).toContain("functions.getStock: 'GET /stock' is no route of inventory's API contract; did you mean getStock?");
  expect(output).toContain("functions.getStock: asks for the table 'my-stock', which resources.yml lacks");
  expect(output).toContain("custom.larder.cors[0]: '*' is no origin");
}, 60_000);

test('a word that does not exist is refused by the schema', async () => {
  expect(await pack('misspelt', folder)).toMatch(/functions\.reserveStock\.access.*unrecognized property 'tabel'/);
}, 60_000);

/** Logical ids in `Ref`, `Fn::GetAtt` and `Fn::Sub`. */
function referencesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    if (key === 'Ref') return [String(inner)];
    if (key === 'Fn::GetAtt') return [String((inner as unknown[])[0])];
    if (key === 'Fn::Sub') return [...String(inner).matchAll(/\$\{([^.}]+)/g)].map(([, id]) => id ?? '');
    return referencesIn(inner);
  });
}
