/**
 * Zapier, as far as an app can tell, around the real `build.zip`: connections, Zaps that are switched on and off, deliveries,
 * actions, drop-down lists.
 */
import { randomBytes } from 'node:crypto';
import { loadApp, startApp, type Answer, type AppError, type AppProcess } from './app-process.mts';
import { startPlatform, type HookRequest, type Platform } from './platform.mts';

export type Item = Record<string, unknown>;

/** An account that a person connected. */
export interface Connection {
	id: string;
	authData: Record<string, string>;
	/** As the person sees it. */
	label: string;
}

/** A Zap that is, or was, on. */
export interface Zap {
	id: string;
	trigger: string;
	connection: Connection;
	inputData: Item;
	/** Where the service posts to. */
	targetUrl: string;
	/** What `performSubscribe` returned, through JSON as Zapier keeps it; empty for static hooks. */
	subscribeData: Item;
}

/** A trigger, create or search in a definition. */
export interface Action {
	key: string;
	noun: string;
	display: { label: string; description: string; hidden?: boolean; directions?: string };
	operation: Item & { sample?: Item; outputFields?: Item[]; inputFields?: Array<Item | string> };
}

/** What an app says of itself. */
export interface Definition {
	version: string;
	platformVersion: string;
	authentication: { type: string; connectionLabel: string; fields: Item[] };
	triggers: Record<string, Action>;
	creates: Record<string, Action>;
	searches: Record<string, Action>;
	searchOrCreates?: Record<string, { key: string; display: Action['display']; search: string; create: string }>;
}

/** One run of a Zap. */
export interface Run {
	zap: Zap;
	item: Item;
}

/** What went wrong in a call, as Zapier shows it to the person. */
export class ZapierError extends Error {
	override readonly name = 'ZapierError';
	readonly error: AppError;
	/** The parts of an error that the app made with `z.errors`. */
	readonly said: { message?: string; code?: string; status?: number; delay?: number };

	constructor(error: AppError) {
		super(error.message);
		this.error = error;
		this.said = saidBy(error);
	}
}

const META = {
	isBulkRead: false,
	isFillingDynamicDropdown: false,
	isLoadingSample: false,
	isPopulatingDedupe: false,
	isTestingAuth: false,
	limit: -1,
	page: 0,
	timezone: 'Australia/Brisbane',
	inputFields: {},
};

export class Zapier {
	readonly platform: Platform;
	readonly app: AppProcess;
	/** Runs of Zaps, in order. */
	readonly runs: Run[] = [];
	/** Performs that ended in an error. */
	readonly failed: Array<{ zap: Zap; error: AppError }> = [];
	/** Secrets of subscriptions that apps returned, for tests that look for leaks. */
	readonly secretsSeen = new Set<string>();
	private readonly pending = new Set<Promise<unknown>>();
	private readonly strict: boolean;
	private defined: Promise<Definition> | undefined;

	constructor(platform: Platform, app: AppProcess, strict: boolean) {
		this.platform = platform;
		this.app = app;
		this.strict = strict;
	}

	/** Connects an account: logs in where the app does so, tests it, and makes its label. Throws ZapierError when refused. */
	async connect(authData: Record<string, string>): Promise<Connection> {
		const connection: Connection = { id: unique('auth'), authData: { ...authData }, label: '' };
		await this.logIn(connection);
		const tested = (await this.execute(connection, 'authentication.test', {})) as Item;
		const { authentication } = await this.definition();
		connection.label = authentication.connectionLabel.replace(/{{(\w+)}}/g, (_all, key: string) =>
			String(tested[key] ?? ''),
		);
		return connection;
	}

	/** Switches a Zap on. Throws ZapierError when the app or the service refuses. */
	async turnOn(connection: Connection, trigger: string, inputData: Item = {}): Promise<Zap> {
		const path = `/hooks/standard/${connection.id}/${unique('zap')}/`;
		const zap: Zap = {
			id: unique('zap'),
			trigger,
			connection,
			inputData,
			targetUrl: this.platform.url + path,
			subscribeData: {},
		};
		const { operation } = await this.triggerDefinition(trigger);
		if (operation.performSubscribe !== undefined) {
			const answer = await this.execute(connection, `triggers.${trigger}.operation.performSubscribe`, {
				inputData,
				targetUrl: zap.targetUrl,
			});
			zap.subscribeData = JSON.parse(JSON.stringify(answer)) as Item;
			for (const secret of secretsIn(zap.subscribeData)) this.secretsSeen.add(secret);
		}
		this.platform.hooks.set(path, (request) => this.take(zap, request));
		return zap;
	}

	/** Switches a Zap off. Its hook is gone even when the service could not be told. */
	async turnOff(zap: Zap): Promise<void> {
		this.platform.hooks.delete(new URL(zap.targetUrl).pathname);
		const { operation } = await this.triggerDefinition(zap.trigger);
		if (operation.performUnsubscribe === undefined) return;
		await this.execute(zap.connection, `triggers.${zap.trigger}.operation.performUnsubscribe`, {
			inputData: zap.inputData,
			targetUrl: zap.targetUrl,
			subscribeData: zap.subscribeData,
		});
	}

	/** What the editor shows when a person tests a trigger. */
	async samples(connection: Connection, trigger: string, inputData: Item = {}): Promise<Item[]> {
		const meta = { ...META, isLoadingSample: true };
		return (await this.execute(connection, `triggers.${trigger}.operation.performList`, { inputData, meta })) as Item[];
	}

	/** Runs a create or a search. */
	async act(connection: Connection, kind: 'creates' | 'searches', key: string, inputData: Item): Promise<unknown> {
		return this.execute(connection, `${kind}.${key}.operation.perform`, { inputData });
	}

	/** Runs a "Find or Create": the search, and the create when nothing was found. */
	async findOrCreate(connection: Connection, key: string, search: Item, create: Item): Promise<Item> {
		const pair = (await this.definition()).searchOrCreates?.[key];
		if (pair === undefined) throw new Error(`The app has no search-or-create ${key}`);
		const [found] = (await this.act(connection, 'searches', pair.search, search)) as Item[];
		return found ?? ((await this.act(connection, 'creates', pair.create, create)) as Item);
	}

	/** Fills a drop-down list: one page of it. */
	async choices(connection: Connection, trigger: string, page = 0): Promise<Item[]> {
		const meta = { ...META, isFillingDynamicDropdown: true, page };
		return (await this.execute(connection, `triggers.${trigger}.operation.perform`, { meta })) as Item[];
	}

	/** The input fields that a person sees, with what they filled in so far. */
	async inputFields(connection: Connection, where: string, inputData: Item = {}): Promise<Item[]> {
		return (await this.execute(connection, `${where}.operation.inputFields`, { inputData })) as Item[];
	}

	/** The app's definition. */
	async definition(): Promise<Definition> {
		this.defined ??= this.app.call({ command: 'definition' }).then(({ results }) => results as Definition);
		return this.defined;
	}

	/** Calls a method of the app. Logs in again and tries once more when the app says that its session is over. */
	async execute(connection: Connection, method: string, bundle: Item): Promise<unknown> {
		const answer = await this.call(connection, method, bundle);
		if (answer.error === undefined) return answer.results;
		if (answer.error.name !== 'RefreshAuthError') throw new ZapierError(answer.error);
		await this.logIn(connection);
		const again = await this.call(connection, method, bundle);
		if (again.error !== undefined) throw new ZapierError(again.error);
		return again.results;
	}

	/** Waits until every perform that was begun has ended. */
	async settled(): Promise<void> {
		while (this.pending.size > 0) await Promise.all(this.pending);
	}

	/** Runs of one Zap. */
	runsOf(zap: Zap): Item[] {
		return this.runs.filter((run) => run.zap === zap).map(({ item }) => item);
	}

	/** The messages that the app itself logged. */
	said(): string[] {
		return this.platform.logs.filter(({ data }) => data.log_type === 'console').map(({ message }) => message.trim());
	}

	async stop(): Promise<void> {
		await this.settled();
		await this.app.stop();
		await this.platform.close();
	}

	/** A delivery reached the hook of a Zap; the service has its 200 already. */
	private take(zap: Zap, request: HookRequest): void {
		const work = this.call(zap.connection, `triggers.${zap.trigger}.operation.perform`, {
			inputData: zap.inputData,
			subscribeData: zap.subscribeData,
			...request,
		}).then(({ results, error }) => {
			if (error !== undefined) this.failed.push({ zap, error });
			else for (const item of results as Item[]) this.runs.push({ zap, item });
		});
		this.pending.add(work);
		void work.finally(() => this.pending.delete(work));
	}

	private async call(connection: Connection, method: string, bundle: Item): Promise<Answer> {
		const token = `token-of-${connection.id}`;
		this.platform.callers.set(token, { app: 'app', auth: connection.id, user: 'user' });
		const inputData = (bundle.inputData ?? {}) as Item;
		return this.app.call({
			command: 'execute',
			method,
			bundle: { authData: connection.authData, inputDataRaw: inputData, meta: META, ...bundle, inputData },
			rpc_base: `${this.platform.url}/rpc`,
			token,
			isDeveloper: this.strict,
		});
	}

	private async logIn(connection: Connection): Promise<void> {
		const { authentication } = await this.definition();
		if (authentication.type !== 'session') return;
		const { results, error } = await this.call(connection, 'authentication.sessionConfig.perform', {});
		if (error !== undefined) throw new ZapierError(error);
		Object.assign(connection.authData, results);
	}

	private async triggerDefinition(trigger: string): Promise<Action> {
		const { triggers } = await this.definition();
		const found = triggers[trigger];
		if (found === undefined)
			throw new Error(`The app has no trigger ${trigger}. It has: ${Object.keys(triggers).join(', ')}`);
		return found;
	}
}

export interface ZapierOptions {
	/** The app's environment. */
	env?: Readonly<Record<string, string>>;
	/** Output checks throw instead of being logged. Default: true. */
	strict?: boolean;
}

/** Starts an app from its build, with Zapier around it. */
export async function startZapier(zip: string, options: ZapierOptions = {}): Promise<Zapier> {
	return around((env) => startApp(zip, env), options);
}

/** Starts an app that lies unzipped in a folder, with Zapier around it. */
export async function startZapierIn(folder: string, options: ZapierOptions = {}): Promise<Zapier> {
	return around((env) => loadApp(folder, env), options);
}

async function around(
	start: (env: Readonly<Record<string, string>>) => Promise<AppProcess>,
	{ env, strict = true }: ZapierOptions,
): Promise<Zapier> {
	const platform = await startPlatform();
	try {
		return new Zapier(platform, await start({ LOGGING_ENDPOINT: `${platform.url}/logs`, ...env }), strict);
	} catch (cause) {
		await platform.close();
		throw cause;
	}
}

/** Every text that is under the key `secret`, however deep. */
function secretsIn(value: unknown): string[] {
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([key, inner]) =>
		key === 'secret' && typeof inner === 'string' ? [inner] : secretsIn(inner),
	);
}

function unique(what: string): string {
	return `${what}-${randomBytes(6).toString('hex')}`;
}

function saidBy({ message }: AppError): ZapierError['said'] {
	try {
		return JSON.parse(message) as ZapierError['said'];
	} catch {
		return { message };
	}
}
