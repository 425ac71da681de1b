import { testKernel } from '../testing/kernel.ts';
import { createIam } from './iam.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/orders';

describe('roles', () => {
  const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com'] }, Action: 'sts:AssumeRole' }] };
  const start = async () => {
    const kernel = testKernel();
    const { iam, resourceTypes } = await createIam(kernel);
    const make = (type: string, logicalId: string, properties: Record<string, unknown>) =>
      resourceTypes
        .find((one) => one.type === type)!
        .apply({ logicalId, properties, stackName: 'shop-local', service: 'shop', packageDirectory: '' });
    const role = async (properties: Record<string, unknown>): Promise<string> =>
      String((await make('AWS::IAM::Role', 'Role', { AssumeRolePolicyDocument: trust, ...properties })).attributes['Arn']);
    return { kernel, iam, make, role };
  };
  const policy = (...Statement: object[]): object => ({ PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement } });

  it('may do what inline, attached and managed policies allow', async () => {
    const { iam, make, role } = await start();
    const managed = await make('AWS::IAM::ManagedPolicy', 'Shared', {
      PolicyDocument: { Statement: { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' } },
    });
    const arn = await role({
      RoleName: 'r',
      Path: '/shop/',
      Policies: [policy({ Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: TABLE })],
      ManagedPolicyArns: [managed.physicalId, 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'],
    });
    expect(arn).toBe('arn:aws:iam::000000000000:role/shop/r');
    const allowed = (action: string, resource = '*'): boolean => iam.allows(arn, { action, resource }).allowed;
    expect([
      allowed('dynamodb:PutItem', TABLE),
      allowed('sqs:SendMessage'),
      allowed('logs:PutLogEvents'),
      allowed('ssm:GetParameter'),
    ]).toEqual([true, true, true, false]);
    const document = { Statement: [{ Effect: 'Allow', Action: 'ssm:GetParameter', Resource: '*' }] };
    await make('AWS::IAM::Policy', 'More', { PolicyName: 'more', Roles: ['r'], PolicyDocument: document });
    expect(allowed('ssm:GetParameter')).toBe(true);
    await role({ RoleName: 'r', Path: '/shop/' });
    expect(allowed('dynamodb:PutItem', TABLE)).toBe(false);
  });

  it('are told which statement is missing, which denies, or which condition does not hold', async () => {
    const { iam, role } = await start();
    const arn = await role({
      Policies: [
        policy(
          {
            Effect: 'Allow',
            Action: 'dynamodb:*',
            Resource: TABLE,
            Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['a'] } },
          },
          { Sid: 'NoDrop', Effect: 'Deny', Action: 'dynamodb:DeleteTable', Resource: '*' },
        ),
      ],
    });
    const reason = (action: string, context: Record<string, string[]> = {}): string => {
      const answer = iam.allows(arn, { action, resource: TABLE, context });
      return answer.allowed ? 'allowed' : answer.reason;
    };
    expect(reason('sqs:SendMessage')).toContain(`{"Effect":"Allow","Action":"sqs:SendMessage","Resource":"${TABLE}"}`);
    expect(reason('dynamodb:DeleteTable')).toContain("statement 'NoDrop'");
    expect(reason('dynamodb:PutItem', { 'dynamodb:LeadingKeys': ['b'] })).toContain('under a condition that does not hold');
    expect(reason('dynamodb:PutItem', { 'dynamodb:LeadingKeys': ['a'] })).toBe('allowed');
  });

  it('warn once of a managed policy that is not known here', async () => {
    const { iam, kernel, role } = await start();
    const arn = await role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonBraketFullAccess'] });
    iam.allows(arn, { action: 'a:B', resource: '*' });
    iam.allows(arn, { action: 'a:C', resource: '*' });
    expect(kernel.told).toEqual([
      expect.objectContaining({ kind: 'notice', level: 'warn', message: expect.stringContaining('AmazonBraketFullAccess') }),
    ]);
  });

  it('may do no more than their permissions boundary', async () => {
    const { iam, make, role } = await start();
    const document = { Statement: [{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' }] };
    const boundary = await make('AWS::IAM::ManagedPolicy', 'Boundary', { PolicyDocument: document });
    const arn = await role({
      PermissionsBoundary: boundary.physicalId,
      Policies: [policy({ Effect: 'Allow', Action: '*', Resource: '*' })],
    });
    expect(iam.allows(arn, { action: 'sqs:SendMessage', resource: '*' }).allowed).toBe(true);
    expect(iam.allows(arn, { action: 'ssm:GetParameter', resource: '*' }).allowed).toBe(false);
  });

  it('are told that it is the boundary that lacks a statement, which no policy of a resource makes up for', async () => {
    const { iam, make, role } = await start();
    const document = { Statement: [{ Effect: 'Deny', Action: 'sqs:PurgeQueue', Resource: '*' }] };
    const boundary = await make('AWS::IAM::ManagedPolicy', 'Boundary', { PolicyDocument: document });
    const arn = await role({
      RoleName: 'r',
      PermissionsBoundary: boundary.physicalId,
      Policies: [policy({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' })],
    });
    const queuePolicy = { Statement: [{ Effect: 'Allow', Principal: { AWS: arn }, Action: 'sqs:*', Resource: '*' }] };
    const reason = (action: string) =>
      (iam.allows(arn, { action, resource: 'q', resourcePolicy: queuePolicy }) as { reason: string }).reason;
    expect(reason('sqs:SendMessage')).toBe(
      'no permissions boundary allows the sqs:SendMessage action; add to the permissions boundary of role \'r\' the statement {"Effect":"Allow","Action":"sqs:SendMessage","Resource":"q"}',
    );
    expect(reason('sqs:PurgeQueue')).toContain(
      "an explicit deny in the permissions boundary of role 'r' forbids the sqs:PurgeQueue action",
    );
  });

  it('give a function credentials that stay the same and say who calls', async () => {
    const { iam, role } = await start();
    const roleArn = await role({ RoleName: 'r' });
    const credentials = iam.credentialsFor({ roleArn, functionName: 'f' });
    expect(credentials.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect(iam.credentialsFor({ roleArn, functionName: 'f' })).toEqual(credentials);
    expect(iam.credentialsFor({ roleArn, functionName: 'g' }).accessKeyId).not.toBe(credentials.accessKeyId);
    expect(iam.callerOf(credentials.accessKeyId)).toMatchObject({ kind: 'function', functionName: 'f', roleArn });
    expect(iam.callerOf('AKIA')).toBeUndefined();
  });

  it('that Lambda may not take are refused, as are malformed policies', async () => {
    const { iam, role } = await start();
    const roleArn = await role({
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
    });
    expect(() => iam.credentialsFor({ roleArn, functionName: 'f' })).toThrow('cannot be assumed by Lambda');
    await expect(role({ Policies: [policy({ Effect: 'Allow' })] })).rejects.toMatchObject({ code: 'MalformedPolicyDocument' });
  });
});

describe('resource policies', () => {
  const rule = 'arn:aws:events:us-east-1:000000000000:rule/bus/r';
  const queue = 'arn:aws:sqs:us-east-1:000000000000:q';
  const admits = async (statement: object, principal = { service: 'events.amazonaws.com', sourceArn: rule }): Promise<boolean> => {
    const { iam } = await createIam(testKernel());
    return iam.admits(
      { Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queue, ...statement }] },
      principal,
      'sqs:SendMessage',
      queue,
    );
  };

  it('admit the service that they name, on behalf of the source that they name', async () => {
    const principal = { Principal: { Service: 'events.amazonaws.com' } };
    expect(await admits(principal)).toBe(true);
    expect(await admits({ Principal: { Service: 'sns.amazonaws.com' } })).toBe(false);
    expect(await admits({ Principal: '*' })).toBe(true);
    expect(await admits({})).toBe(false);
    expect(await admits({ ...principal, Condition: { ArnEquals: { 'aws:SourceArn': rule } } })).toBe(true);
    expect(await admits({ ...principal, Condition: { ArnEquals: { 'aws:SourceArn': `${rule}x` } } })).toBe(false);
    expect(await admits({ ...principal, Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } })).toBe(true);
  });

  it('allow a role what its own policies do not mention; a deny wins, and an allow for the account leaves it to the role', async () => {
    const { iam, resourceTypes } = await createIam(testKernel());
    const make = async (RoleName: string, ...Statement: object[]): Promise<string> => {
      const trust = { Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] };
      const Policies = [{ PolicyName: 'p', PolicyDocument: { Statement } }];
      const properties = { RoleName, AssumeRolePolicyDocument: trust, ...(Statement.length > 0 && { Policies }) };
      const request = { logicalId: RoleName, properties, stackName: 's', service: 's', packageDirectory: '' };
      return String((await resourceTypes.find(({ type }) => type === 'AWS::IAM::Role')!.apply(request)).attributes['Arn']);
    };
    const may = { Effect: 'Allow', Action: 'sqs:*', Resource: '*' };
    const [plain, sender, denied] = [await make('plain'), await make('sender', may), await make('denied', { ...may, Effect: 'Deny' })];
    const asked = (role: string, Effect: string, Principal: unknown): boolean => {
      const resourcePolicy = JSON.stringify({ Statement: [{ Effect, Principal, Action: 'sqs:SendMessage', Resource: queue }] });
      return iam.allows(role, { action: 'sqs:SendMessage', resource: queue, resourcePolicy }).allowed;
    };
    const account = { AWS: 'arn:aws:iam::000000000000:root' };
    expect(asked(plain, 'Allow', { AWS: plain })).toBe(true);
    expect(asked(plain, 'Allow', '*')).toBe(true);
    expect(asked(plain, 'Allow', { AWS: sender })).toBe(false);
    expect(asked(plain, 'Allow', account)).toBe(false);
    expect(asked(sender, 'Allow', account)).toBe(true);
    expect(asked(sender, 'Deny', account)).toBe(false);
    expect(asked(sender, 'Deny', { AWS: plain })).toBe(true);
    expect(asked(denied, 'Allow', '*')).toBe(false);
  });

  it('admit nobody when there is none, or it is malformed', async () => {
    const { iam } = await createIam(testKernel());
    const principal = { service: 'events.amazonaws.com', sourceArn: rule };
    for (const document of [undefined, null, '', 'x', {}, { Statement: [{}] }, 7])
      expect(iam.admits(document, principal, 'sqs:SendMessage', queue)).toBe(false);
  });
});
