/**
 * Catching up: events that were missed, read from the service's API. Nothing is stored for it: a window of time is read again
 * and again, and what is known already (by record and version) is left out by whoever remembers it.
 */
import { asCaught } from './errors.ts';
import { refusal } from './answer.ts';
import type {
	EventType,
	History,
	HistorySource,
	HttpRequest,
	HttpResponse,
	JsonObject,
	Occasion,
	Provider,
	Send,
	Values,
} from './provider.ts';

/** Something that happened and was found in a list of records. */
export interface Occurrence {
	event: string;
	/** Equal for the push of the same occurrence. */
	key: string;
	/** Milliseconds since 1970, by the service's clock. */
	at: number;
	/** The body that the service would have pushed. */
	payload: JsonObject;
}

export interface Search {
	/** The chosen event types. */
	events: readonly string[];
	/** The trigger's own options. */
	options: Values;
	/** Milliseconds since 1970. What is older is left out. */
	from: number;
	send: Send;
	/** Whether an occurrence is known to have started the workflow. */
	isKnown: (key: string) => boolean;
	/** How many are wanted at once. */
	limit: number;
}

export interface Found {
	/** Oldest first. */
	occurrences: Occurrence[];
	/** There are more: search again. */
	more: boolean;
	/** What was left out because it is too much: sentences. */
	cutOff: string[];
}

/** The service's clock and ours may differ by so much, and a record may be listed so late. Milliseconds. */
export const OVERLAP = 15 * 60_000;

/** How many occurrences of a type are looked at: n8n's list of what is known is not endless, and what fell out of it would come twice. */
export const MOST_OCCURRENCES = 500;

/** How many pages of a list are read. */
const MOST_PAGES = 200;

/** The beginning of the window that is read: so many hours back, not before the trigger was published, overlapping the last search. */
export function windowStart(now: number, hours: number, published: number, searched: number | undefined): number {
	const back = now - hours * 3_600_000;
	return Math.max(searched === undefined ? back : Math.max(back, searched - OVERLAP), published);
}

/** The event types that can be found again, and those that cannot: for whoever tells a person. */
export function recoverable({ events }: Provider): { found: EventType[]; lost: EventType[] } {
	return {
		found: events.filter(({ history }) => history !== undefined),
		lost: events.filter(({ history }) => history === undefined),
	};
}

/** The key of a pushed event, by which it is compared with what is found. Undefined: it cannot be found, or does not tell. */
export function occurrenceKey(provider: Provider, event: string | undefined, payload: JsonObject): string | undefined {
	const type = provider.events.find(({ name }) => name === event);
	const occasion = type?.history?.ofPayload(payload);
	return type && occasion && keyOf(type.name, occasion);
}

/**
 * Finds what happened and is not known.
 * @throws ServiceRefused or Unreachable when nothing could be read. What was found before something failed is returned, with
 * `more`.
 */
export async function findMissed(provider: Provider, search: Search): Promise<Found> {
	const found: Found = { occurrences: [], more: false, cutOff: [] };
	for (const type of provider.events) {
		const { history } = type;
		if (history === undefined || !search.events.includes(type.name)) continue;
		await findOfType(provider, type, history, search, found);
		if (found.more) break;
	}
	found.occurrences.sort((one, other) => one.at - other.at);
	return found;
}

interface Candidate {
	source: HistorySource;
	record: JsonObject;
	at: number;
}

async function findOfType(
	provider: Provider,
	type: EventType,
	history: History,
	search: Search,
	found: Found,
): Promise<void> {
	const candidates = new Map<string, Candidate>();
	for (const source of history.sources(search.options, search.from)) {
		const isComplete = await readSource(provider, type, source, search, candidates);
		if (!isComplete) found.cutOff.push(tooMany(provider, type));
	}
	let newest = [...candidates].sort(([, one], [, other]) => one.at - other.at);
	if (newest.length > MOST_OCCURRENCES) {
		newest = newest.slice(-MOST_OCCURRENCES);
		found.cutOff.push(tooMany(provider, type));
	}
	const read = new Map<string, Promise<HttpResponse>>();
	for (const [key, candidate] of newest) {
		if (search.isKnown(key)) continue;
		if (found.occurrences.length >= search.limit) {
			found.more = true;
			return;
		}
		let occurrence: Occurrence | undefined;
		try {
			occurrence = await complete(provider, type, history, search, candidate, read);
		} catch (cause) {
			if (found.occurrences.length === 0) throw asCaught(cause);
			found.more = true;
			return;
		}
		const isNew = occurrence !== undefined && !found.occurrences.some((one) => one.key === occurrence.key);
		// It may have been changed since the list was read, and that change may be known.
		if (occurrence !== undefined && isNew && !search.isKnown(occurrence.key)) found.occurrences.push(occurrence);
	}
}

/** Adds the records of a list that are in the window. Returns false when the list is longer than what is read of it. */
async function readSource(
	provider: Provider,
	type: EventType,
	source: HistorySource,
	{ send, from }: Search,
	candidates: Map<string, Candidate>,
): Promise<boolean> {
	const seen = new Set<string>();
	let offset = 0;
	let before = Number.POSITIVE_INFINITY;
	let isSorted = source.newestFirst === true;
	for (let page = 0; page < MOST_PAGES; page++) {
		const request = source.request({ offset, page });
		const response = await send(request);
		const asked = `the request for what was missed (${type.name})`;
		const refused = refusal(provider, response, asked, { request, reads: true });
		if (refused) throw refused;
		const records = source.read(response);
		const previous = seen.size;
		for (const record of records) {
			seen.add(source.id(record));
			const at = source.time(record);
			if (at === undefined) continue;
			// A list that is not sorted as asked is read to its end.
			if (at > before) isSorted = false;
			before = at;
			const occasion = at >= from ? source.of(record) : undefined;
			if (occasion !== undefined) candidates.set(keyOf(type.name, occasion), { source, record, at });
		}
		offset += records.length;
		if (seen.size === previous || (isSorted && before < from)) return true;
	}
	return false;
}

/** The whole of what was found; undefined when it is gone meanwhile. */
async function complete(
	provider: Provider,
	type: EventType,
	history: History,
	{ send, from }: Search,
	{ source, record, at: listed }: Candidate,
	read: Map<string, Promise<HttpResponse>>,
): Promise<Occurrence | undefined> {
	const request = source.whole?.(record);
	const whole = request && (await once(request, send, read));
	if (request !== undefined && whole !== undefined) {
		if (whole.status === 404 || whole.status === 410) return undefined;
		const asked = `the request for a record that was missed (${type.name})`;
		const refused = refusal(provider, whole, asked, { request, reads: true });
		// A refusal with a status of success is about this record.
		if (refused && refused.status < 300) return undefined;
		if (refused) throw refused;
	}
	const payload = source.payload(record, whole);
	const occasion = payload && history.ofPayload(payload);
	const at = payload && source.at ? source.at(payload) : listed;
	if (at === undefined || at < from) return undefined;
	return payload && occasion && { event: type.name, key: keyOf(type.name, occasion), at, payload };
}

/** Two events can be about one record: it is read once in a search. */
async function once(request: HttpRequest, send: Send, read: Map<string, Promise<HttpResponse>>): Promise<HttpResponse> {
	const response = read.get(request.path) ?? send(request);
	read.set(request.path, response);
	return await response;
}

function tooMany({ name }: Provider, { name: event }: EventType): string {
	return `${name}: more events of ${event} than can be looked through happened in the chosen time; only the newest are. Choose fewer hours under "Catch Up".`;
}

function keyOf(event: string, { id, version }: Occasion): string {
	return `${event}:${id}:${version}`;
}
