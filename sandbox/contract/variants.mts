/** Which of several readings of a service holds, where its sources disagree: set by `POST /control/variants`. */
import { contractOf } from '../../contracts/index.mts';
import type { Answer, Call } from '../../contracts/index.mts';
import type { ProviderId } from '../accounts.mts';
import { payloadVariants } from '../catalogue.mts';
import type { Form } from './answers.mts';
import { isFilter } from './calls.mts';

export type Setting = string | number | boolean;
export type Settings = { readonly [name: string]: Setting };

/** Switches that the layer itself works on; the others are the service's own. */
const LAYER = ['listUnder', 'under', 'ids', 'emptyList', 'filters'];

/** The switches of a call with the values that each may have; the first is the usual one. */
export function switchesOf(call: Call): { [name: string]: readonly Setting[] } {
	const { listUnder, under, variants }: Answer = call.answer;
	const filters = Object.values(call.query?.read ?? {}).some((spec) => isFilter(call.query, spec));
	return {
		...(listUnder && listUnder.length > 1 ? { listUnder } : {}),
		...(under && under.length > 1 ? { under } : {}),
		...(Object.fromEntries(Object.entries(variants ?? {}).filter(([, values]) => values)) as {
			[name: string]: readonly Setting[];
		}),
		...(filters ? { filters: ['read', 'ignored'] } : {}),
	};
}

/** Each reading of a call by name: the usual one, then one for each other value of each switch. */
export function readingsOf(call: Call): { name: string; settings: Settings }[] {
	const others = Object.entries(switchesOf(call)).flatMap(([name, values]) =>
		values.slice(1).map((value) => ({ name: reading(name, value), settings: { [name]: value } })),
	);
	return [{ name: 'as usual', settings: {} }, ...others];
}

function reading(name: string, value: Setting): string {
	if (name === 'listUnder') return value === '' ? 'list: bare' : `list under ${value}`;
	if (name === 'under') return value === '' ? 'record: bare' : `record under ${value}`;
	if (name === 'filters') return 'filters that only a client sends are ignored';
	return `${name}: ${value}`;
}

/** The readings in force. */
export class Variants {
	/** By service; call `*` is every call that has the switch. */
	readonly #settings = new Map<ProviderId, Map<string, Settings>>();
	readonly #payloads = new Map<ProviderId, string>();

	/** Replaces what was set for the call (`*`: for all). Returns what is wrong with it, or undefined. */
	set(service: ProviderId, call: string, settings: Settings): string | undefined {
		const { calls } = contractOf(service);
		const meant = call === '*' ? Object.values(calls) : Object.hasOwn(calls, call) ? [calls[call]] : [];
		if (meant.length === 0 && call !== '*') return `there is no call "${call}"`;
		for (const [name, value] of Object.entries(settings)) {
			const fits = meant.some((one) => one && switchesOf(one)[name]?.includes(value));
			if (!fits) return `${call} has no reading ${name}: ${JSON.stringify(value)}`;
		}
		const all = this.#settings.get(service) ?? new Map<string, Settings>();
		this.#settings.set(service, all.set(call, settings));
		return undefined;
	}

	/** Events come in this form from now on; undefined: in the usual one. Returns what is wrong with it, or undefined. */
	setPayloads(service: ProviderId, variant: string | undefined): string | undefined {
		if (variant === undefined) this.#payloads.delete(service);
		else if (!payloadVariants(service).includes(variant)) return `there is no form "${variant}" of events`;
		else this.#payloads.set(service, variant);
		return undefined;
	}

	/** The form in which events come; undefined: the usual one. */
	payloads(service: ProviderId): string | undefined {
		return this.#payloads.get(service);
	}

	/** The value of one switch for a call; the usual one where nothing is set. */
	of(service: ProviderId, call: string, name: string): Setting | undefined {
		const entry = contractOf(service).calls[call];
		const values = entry === undefined ? undefined : switchesOf(entry)[name];
		const all = this.#settings.get(service);
		const set = all?.get(call)?.[name] ?? all?.get('*')?.[name];
		return set !== undefined && values?.includes(set) ? set : values?.[0];
	}

	/** Whether a switch that the service itself works on is set for the call. */
	ownSet(service: ProviderId, call: string): boolean {
		const all = this.#settings.get(service);
		return [all?.get(call), all?.get('*')].some((settings) =>
			Object.keys(settings ?? {}).some((name) => !LAYER.includes(name)),
		);
	}

	/** What the layer does to an answer of the call. */
	form(service: ProviderId, call: string): Form {
		const all = this.#settings.get(service);
		if (!all) return {};
		const { answer } = contractOf(service).calls[call] ?? {};
		const set = { ...all.get('*'), ...all.get(call) };
		const fits = (name: 'listUnder' | 'under') => answer?.[name]?.includes(String(set[name]));
		return {
			...(fits('listUnder') ? { listUnder: String(set.listUnder) } : {}),
			...(fits('under') ? { under: String(set.under) } : {}),
			...(answer?.variants?.ids && (set.ids === 'text' || set.ids === 'number') ? { ids: set.ids } : {}),
			...(answer?.variants?.emptyList && set.emptyList === 'null' ? { emptyList: 'null' } : {}),
		};
	}

	/** What is set, by service and call. */
	get all(): { [service: string]: { calls: { [call: string]: Settings }; payloads?: string } } {
		const services = new Set([...this.#settings.keys(), ...this.#payloads.keys()]);
		return Object.fromEntries(
			[...services].map((service) => {
				const payloads = this.#payloads.get(service);
				const calls = Object.fromEntries(this.#settings.get(service) ?? []);
				return [service, { calls, ...(payloads === undefined ? {} : { payloads }) }];
			}),
		);
	}

	clear(): void {
		this.#settings.clear();
		this.#payloads.clear();
	}
}
