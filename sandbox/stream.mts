/**
 * `GET /control/stream?provider=&state=`: what the page shows, as server-sent events. The whole state is sent at first and
 * whenever it has changed since, at most four times a second and without request bodies: so its size is bounded, however
 * many deliveries there are.
 */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ProviderId } from './accounts.mts';
import type { Attempt, Delivery, DeliveryState } from './deliveries.mts';
import type { FaultSet } from './faults.mts';
import { Refusal } from './service.mts';
import type { Service, World } from './service.mts';
import type { Subscription } from './subscriptions.mts';

/** A delivery without what its attempts sent and got: that is `GET /control/deliveries/:id`. */
export interface DeliverySummary extends Omit<Delivery, 'attempts' | 'url'> {
	attempts: number;
	/** The latest attempt. */
	last?: Pick<Attempt, 'at' | 'ms' | 'status' | 'error'>;
}

/** One service, as it is now. */
export interface LiveService {
	/** The latest 100, oldest first. */
	subscriptions: readonly Subscription[];
	/** How many there are in all, and how many of them are disabled. */
	total: number;
	disabled: number;
	faults: FaultSet;
}

/** What is sent. */
export interface LiveState {
	services: { readonly [id: string]: LiveService };
	/** How many deliveries fit the query. */
	total: number;
	/** The latest 100 of them, newest first. */
	deliveries: readonly DeliverySummary[];
}

/** One message: the state, and the sandbox's clock, by which times in it are to be read. */
export interface LiveMessage {
	now: string;
	state: LiveState;
}

const EVERY_MS = 250;
const STILL_HERE_MS = 15_000;
const SHOWN = 100;
const LISTENERS = 64;

interface Listener {
	to: ServerResponse;
	provider?: ProviderId;
	state?: DeliveryState;
	/** What was sent last, and when (milliseconds). */
	last: string;
	at: number;
}

interface StreamQuery {
	provider?: ProviderId;
	state?: DeliveryState;
}

/** Adds the call. Costs nothing while nobody listens. `schema` checks the query. */
export function stream(app: FastifyInstance, world: World, services: readonly Service[], schema: object): void {
	const listeners = new Set<Listener>();
	let timer: NodeJS.Timeout | undefined;

	const tell = () => {
		const live = services.map((service) => [service.id, liveService(world, service.id)] as const);
		for (const listener of listeners) send(listener, { services: Object.fromEntries(live), ...log(world, listener) });
	};

	app.get<{ Querystring: StreamQuery }>('/stream', { schema: { querystring: schema } }, (request, reply) => {
		if (listeners.size >= LISTENERS) throw new Refusal(503, { error: `${LISTENERS} pages are listening already` });
		const to = reply.hijack().raw;
		to.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' });
		const listener: Listener = { to, ...request.query, last: '', at: 0 };
		listeners.add(listener);
		to.on('close', () => {
			listeners.delete(listener);
			if (listeners.size > 0) return;
			clearInterval(timer);
			timer = undefined;
		});
		tell();
		timer ??= setInterval(tell, EVERY_MS).unref();
	});
}

/** Sends the state if it is news. A listener that has not read the last one yet is left alone until it has. */
function send(listener: Listener, state: LiveState): void {
	if (listener.to.writableNeedDrain) return;
	const now = Date.now();
	const news = JSON.stringify(state);
	if (news !== listener.last) {
		listener.to.write(`data: {"now":"${new Date(now).toISOString()}","state":${news}}\n\n`);
	} else if (now - listener.at > STILL_HERE_MS) {
		listener.to.write(': still here\n\n'); // so that a connection that is gone is noticed
	} else return;
	listener.last = news;
	listener.at = now;
}

function liveService(world: World, id: ProviderId): LiveService {
	const all = world.subscriptions.of(id);
	return {
		subscriptions: all.slice(-SHOWN),
		total: all.length,
		disabled: all.filter((subscription) => !subscription.active).length,
		faults: world.faults.get(id),
	};
}

function log(world: World, { provider, state }: StreamQuery): Pick<LiveState, 'total' | 'deliveries'> {
	const found = world.deliveries.all.filter(
		(one) => (provider === undefined || one.provider === provider) && (state === undefined || one.state === state),
	);
	return { total: found.length, deliveries: found.slice(-SHOWN).reverse().map(summary) };
}

function summary({ attempts, url: _, ...delivery }: Delivery): DeliverySummary {
	const last = attempts.at(-1);
	if (!last) return { ...delivery, attempts: 0 };
	const { at, ms, status, error } = last;
	return { ...delivery, attempts: attempts.length, last: { at, ms, status, error } };
}
