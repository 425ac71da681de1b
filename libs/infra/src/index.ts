import { apis, events, streams } from '@larder/contracts/registry';
import { join } from 'node:path';
import { defaultBudgetKb, overBudget } from './budget.ts';
import { getAtt } from './cloudformation.ts';
import { applyDefaults, defaultTimeout } from './defaults.ts';
import { missingHandlers, pluginOrder } from './layout.ts';
import { roleId } from './naming.ts';
import { copyNativePackages, lambdaPlatform, thisMachine } from './native-packages.ts';
import type { FunctionConfig, Osls } from './osls.ts';
import { publisherHandler, removePublisherEntry, toPublisher, writePublisherEntry } from './publisher.ts';
import { resolveService } from './resolve.ts';
import { publisherKey } from './service.ts';
import type { Service } from './service.ts';
import { takenNames, toTemplate } from './template.ts';
import { toHttpApiEvents, toHttpApiSettings, wrongOrigins } from './to-api.ts';
import { toEnvironment } from './to-environment.ts';
import { customSchema, eventSchemas, functionSchema } from './words.ts';

/** The Serverless Framework plugin: `plugins: ['@larder/infra', serverless-esbuild]`. */
export default class LarderInfra {
  readonly hooks: Readonly<Record<string, () => void | Promise<void>>>;
  readonly #osls: Osls;

  constructor(osls: Osls) {
    this.#osls = osls;
    for (const [word, schema] of Object.entries(eventSchemas)) osls.configSchemaHandler.defineFunctionEvent('aws', word, schema);
    osls.configSchemaHandler.defineFunctionProperties('aws', functionSchema);
    osls.configSchemaHandler.defineCustomProperties(customSchema);
    applyDefaults(osls.configurationInput, osls.getProvider('aws').getStage());
    this.hooks = {
      // The schemas have been checked by now, and no other plugin has looked at the functions yet.
      initialize: () => this.#build(),
      'after:aws:package:finalize:addExportNameForOutputs': () => this.#removeExports(),
      'before:package:createDeploymentArtifacts': () => this.#prepare(),
      'after:package:createDeploymentArtifacts': async () => {
        await this.#removeEntries();
        await this.#weigh();
      },
      'before:invoke:local:invoke': () => this.#writeEntries(),
      'after:invoke:local:invoke': () => this.#removeEntries(),
      'before:deploy:function:packageFunction': () => this.#prepare(),
      'after:deploy:function:packageFunction': () => this.#removeEntries(),
    };
  }

  #build(): void {
    const { service: config } = this.#osls;
    this.#refuseStage();
    const service = this.#resolve();
    config.functions = {
      ...config.functions,
      ...(service.functions.some(({ key }) => key === publisherKey) ? { [publisherKey]: { handler: publisherHandler } } : {}),
    };
    config.provider.httpApi = { ...config.provider.httpApi, ...toHttpApiSettings(service, config.custom?.larder?.cors) };
    for (const fn of service.functions) {
      const written: FunctionConfig = config.functions[fn.key] ?? {};
      Object.assign(written, {
        name: fn.name,
        timeout: fn.timeout,
        role: getAtt(roleId(fn.key), 'Arn'),
        events: [...(written.events ?? []), ...toHttpApiEvents(fn)],
        environment: { ...toEnvironment(fn, service), ...written.environment },
      });
    }
    const native = [...new Set(Object.values(config.functions).flatMap((fn) => fn.native ?? []))];
    // serverless-esbuild would install them itself, for this machine.
    if (native.length > 0) config.custom = { ...config.custom, esbuild: { ...config.custom?.esbuild, external: native, exclude: ['*'] } };
    const template = toTemplate(service);
    config.resources = {
      ...config.resources,
      Resources: { ...config.resources?.Resources, ...template.Resources },
      Parameters: { ...config.resources?.Parameters, ...template.Parameters },
    };
  }

  #refuseStage(): void {
    const stage = this.#osls.getProvider('aws').getStage();
    const { custom, service } = this.#osls.service;
    // What was deployed there before the rule can still be looked at and removed.
    const [command = ''] = this.#osls.processedInput.commands;
    if (!['package', 'deploy'].includes(command) || !custom?.larder?.never?.includes(stage)) return;
    this.#refuse([`${service} is never deployed to '${stage}' (custom.larder.never); choose another stage.`]);
  }

  #resolve(): Service {
    const { service: config } = this.#osls;
    const provider = this.#osls.getProvider('aws');
    const resources = config.resources?.Resources ?? {};
    const { service: written, problems } = resolveService(
      {
        name: config.service,
        stage: provider.getStage(),
        region: provider.getRegion(),
        timeout: config.provider.timeout ?? defaultTimeout,
        functions: config.functions,
        resources,
        standalone: config.custom?.larder?.standalone ?? false,
        bus: config.custom?.larder?.bus,
      },
      { events, apis, streams },
    );
    const publisher = toPublisher(written);
    const service = publisher ? { ...written, functions: [...written.functions, publisher] } : written;
    this.#refuse([
      ...problems,
      ...takenNames(service, Object.keys(resources)),
      ...wrongOrigins(config.custom?.larder?.cors ?? []),
      ...pluginOrder(config),
      ...missingHandlers(config.functions, this.#osls.serviceDir),
    ]);
    return service;
  }

  async #prepare(): Promise<void> {
    await this.#writeEntries();
    await this.#addNativePackages();
  }

  /** serverless-esbuild puts what lies in a folder of this name into the function's archive. */
  async #addNativePackages(): Promise<void> {
    const { serviceDir, service } = this.#osls;
    const local = this.#osls.getProvider('aws').getStage() === 'local';
    for (const [key, { native = [], architecture }] of Object.entries(service.functions)) {
      if (native.length === 0) continue;
      const platform = local ? thisMachine : lambdaPlatform(architecture ?? service.provider.architecture);
      const folder = join(serviceDir, '.esbuild/.build', `__only_${key}`);
      await copyNativePackages(native, serviceDir, folder, platform).catch((error: unknown) =>
        this.#refuse([`functions.${key}.native: ${String((error as Error).message)}`]),
      );
    }
  }

  async #writeEntries(): Promise<void> {
    if (publisherKey in this.#osls.service.functions) await writePublisherEntry(this.#osls.serviceDir);
  }

  async #removeEntries(): Promise<void> {
    if (publisherKey in this.#osls.service.functions) await removePublisherEntry(this.#osls.serviceDir);
  }

  async #weigh(): Promise<void> {
    const { functions, custom } = this.#osls.service;
    this.#refuse(await overBudget(functions, this.#osls.serviceDir, custom?.larder?.budgetKb ?? defaultBudgetKb));
  }

  /** osls exports every output. What another stack imports can no longer change, and so stacks find each other through SSM. */
  #removeExports(): void {
    for (const output of Object.values(this.#osls.service.provider.compiledCloudFormationTemplate?.Outputs ?? {})) delete output.Export;
  }

  #refuse(problems: readonly string[]): void {
    if (problems.length > 0) throw new this.#osls.classes.Error(problems.join('\n'), 'LARDER_INFRA');
  }
}
