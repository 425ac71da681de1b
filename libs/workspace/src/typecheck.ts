import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import ts from 'typescript';

/**
 * Checks the types of the files in some folders: `node typecheck.ts <folder>…`. Unlike `tsc -p`, it needs no tsconfig in the
 * folder and does not check again what the files import: another project answers for that.
 */
const folders = process.argv.slice(2).map((folder) => resolve(folder));
const host: ts.FormatDiagnosticsHost = {
  getCanonicalFileName: (name) => name,
  getCurrentDirectory: () => process.cwd(),
  getNewLine: () => '\n',
};

const problems = check(folders.filter((folder) => existsSync(folder)));
if (problems.length > 0) {
  const format = process.stdout.isTTY ? ts.formatDiagnosticsWithColorAndContext : ts.formatDiagnostics;
  console.error(format(problems, host));
  process.exitCode = 1;
}

function check(existing: readonly string[]): readonly ts.Diagnostic[] {
  const { options, errors } = optionsOf('tsconfig.base.json');
  if (errors.length > 0) return errors;
  const generated = ['**/node_modules', '**/.*'];
  const files = existing.flatMap((folder) => ts.sys.readDirectory(folder, ['.ts'], generated));
  const program = ts.createProgram(files, options);
  const own = files.map((file) => program.getSourceFile(file)).filter((file) => file !== undefined);
  return [
    ...program.getOptionsDiagnostics(),
    ...program.getGlobalDiagnostics(),
    ...own.flatMap((file) => [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]),
  ];
}

function optionsOf(file: string): { options: ts.CompilerOptions; errors: readonly ts.Diagnostic[] } {
  const { config, error } = ts.readConfigFile(file, (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
    error?: ts.Diagnostic;
  };
  return error ? { options: {}, errors: [error] } : ts.convertCompilerOptionsFromJson(config.compilerOptions, process.cwd());
}
