/** The switches for what is to go wrong at a service. What is in force is read from the sandbox, never assumed. */
import { setFaults } from './api.js';
import { choice, onOff, wholeNumber } from './controls.js';
import { act, byId, make, setText } from './dom.js';
import { count } from './words.js';

/** @import { ServiceStatus } from '../control.mts' */
/** @import { CallFault, DeliveryFaults, FaultSet } from '../faults.mts' */
/** @import { LiveService } from '../stream.mts' */
/** @import { Control } from './controls.js' */

/**
 * A switch over one field of the deliveries' faults.
 * @typedef {{ field: Exclude<keyof DeliveryFaults, 'count' | 'drop'>, label: string, on: number | true }} Switch
 */

const CONNECTIONS = [
	{ value: '', text: 'stays open, as it should' },
	{ value: 'connection', text: 'closes before an answer can come' },
	{ value: 'body', text: 'closes in the middle of the body' },
	{ value: 'answer', text: 'stays open, but the answer gets lost' },
];

/** @type {readonly { value: string, text: string, fault?: CallFault }[]} */
const CALLS = [
	{ value: '', text: 'work' },
	{ value: '500', text: 'return 500', fault: { kind: 'status', status: 500 } },
	{ value: '401', text: 'return 401 (wrong credentials)', fault: { kind: 'status', status: 401 } },
	{ value: '429', text: 'return 429 (too many calls)', fault: { kind: 'status', status: 429, retryAfter: 5 } },
	{ value: 'refuse', text: 'are cut off', fault: { kind: 'refuse' } },
	{ value: 'hang', text: 'get no answer', fault: { kind: 'hang' } },
	{ value: 'slow', text: 'take 3 s longer', fault: { kind: 'slow', ms: 3000 } },
	{ value: 'answer-lost', text: 'are done, but the answer gets lost', fault: { kind: 'answer-lost' } },
];
const OTHER_CALLS = { value: 'other', text: 'fail as a control call has set' };

/** How long a message of the stream may be older than the answer to a change. */
const OVERTAKEN_MS = 500;

/** How many things are set to go wrong. @param {FaultSet} faults */
export function faultCount({ deliveries, calls, behaviour }) {
	const { count: _, ...fields } = deliveries;
	return [...Object.values(fields), ...Object.values(behaviour)].filter(isOn).length + calls.length;
}

/** The section. @param {readonly ServiceStatus[]} services */
export function faultSwitches(services) {
	const form = byId('faults', HTMLFormElement);
	const done = byId('faults-done', HTMLElement);
	/** @type {ServiceStatus} */
	let service;
	/** @type {readonly Control[]} */
	let controls = [];
	/** What is in force, by service. @type {Map<string, FaultSet>} */
	const known = new Map();
	/** @type {Promise<unknown>} */
	let before = Promise.resolve();
	/** How many changes are on their way, or were a moment ago: the stream may not know of them yet. */
	let changing = 0;
	/** What the stream said last. @type {{ id: string, faults: FaultSet } | undefined} */
	let latest;

	const now = () => known.get(service.id) ?? { deliveries: {}, calls: [], behaviour: {} };
	const render = () => {
		for (const control of controls) control.render();
		setText(done, summary(service, now()));
	};
	const take = () => {
		if (latest) known.set(latest.id, latest.faults);
		render();
	};
	/**
	 * Changes something of what is in force. One change after the other, so that none is lost.
	 * @param {(faults: FaultSet) => Partial<FaultSet>} change
	 */
	const set = (change) => {
		const { id } = service;
		const faults = () => known.get(id) ?? { deliveries: {}, calls: [], behaviour: {} };
		changing += 1;
		before = before.then(async () => {
			await act(async () => {
				const { deliveries, calls, behaviour } = await setFaults(id, { ...faults(), ...change(faults()) });
				known.set(id, { deliveries, calls, behaviour });
			});
			render(); // also what was refused: back to what is in force
			setTimeout(() => {
				changing -= 1;
				if (changing === 0) take();
			}, OVERTAKEN_MS);
		});
	};

	byId('faults-clear', HTMLButtonElement).addEventListener('click', () =>
		act(async () => {
			await before;
			await Promise.all(services.map(({ id }) => setFaults(id, {})));
		}),
	);
	form.addEventListener('submit', (event) => event.preventDefault());

	return {
		/** @param {ServiceStatus} shown */
		show: (shown) => {
			service = shown;
			const groups = [
				{ legend: 'Deliveries', controls: deliveryControls(service, now, set) },
				{ legend: 'API calls', controls: [callControl(now, set)] },
				{ legend: `${service.name} itself`, controls: behaviourControls(service, now, set) },
			];
			controls = groups.flatMap((group) => group.controls);
			form.replaceChildren(
				...groups.flatMap((group) =>
					group.controls.length === 0
						? []
						: [make('fieldset', {}, make('legend', {}, group.legend), ...group.controls.map(({ element }) => element))],
				),
			);
			render();
		},
		/** @param {LiveService} live */
		update: (live) => {
			latest = { id: service.id, faults: live.faults };
			if (changing === 0) take();
		},
	};
}

/** @typedef {() => FaultSet} Now */
/** @typedef {(change: (faults: FaultSet) => Partial<FaultSet>) => void} SetFaults */

/**
 * @param {ServiceStatus} service
 * @param {Now} now
 * @param {SetFaults} set
 */
function deliveryControls(service, now, set) {
	/** @param {(deliveries: DeliveryFaults) => DeliveryFaults} change */
	const change = (change) =>
		set(({ deliveries }) => {
			const { count: left, ...rest } = change(deliveries);
			return { deliveries: left ? { ...rest, count: left } : rest }; // none left: start again
		});
	return [
		choice(
			'fault-drop',
			'The connection',
			() => CONNECTIONS,
			() => now().deliveries.drop ?? '',
			(value) =>
				change(({ drop: _, ...rest }) =>
					value === 'connection' || value === 'body' || value === 'answer' ? { ...rest, drop: value } : rest,
				),
		),
		...switchesOf(service).map(({ field, label, on }) =>
			onOff(
				`fault-${field}`,
				label,
				() => isOn(now().deliveries[field]),
				(checked) => change(({ [field]: _, ...rest }) => (checked ? { ...rest, [field]: on } : rest)),
			),
		),
		wholeNumber(
			'fault-count',
			'Number of times (leave empty to keep it on)',
			() => now().deliveries.count,
			(value) => change(({ count: _, ...rest }) => (value === undefined ? rest : { ...rest, count: value })),
		),
	];
}

/**
 * The switches that make sense for a service.
 * @param {ServiceStatus} service
 * @returns {Switch[]}
 */
function switchesOf(service) {
	const inUrl = service.proofs.every((proof) => proof.kind === 'url-token');
	const stripe = service.proofs.some((proof) => proof.kind === 'stripe');
	/** @type {Switch[]} */
	const signed = [
		{ field: 'wrongSignature', label: 'Signed with a wrong secret', on: true },
		{ field: 'unsigned', label: 'Not signed', on: true },
		{ field: 'alteredByte', label: 'One byte changed after signing', on: true },
		{ field: 'reformatted', label: 'White space added after signing', on: true },
	];
	/** @type {Switch[]} */
	const token = [
		{ field: 'wrongSignature', label: 'Wrong token in the URL', on: true },
		{ field: 'unsigned', label: 'No token in the URL', on: true },
	];
	/** @type {Switch[]} */
	const stale = [{ field: 'staleTimestamp', label: "Stripe's signature is 10 minutes old", on: 600 }];
	return [
		...(inUrl ? token : signed),
		...(stripe ? stale : []),
		{ field: 'duplicate', label: 'Each event sent twice', on: 1 },
		{ field: 'reorder', label: 'Deliver in batches of three, in reverse order', on: 3 },
		{ field: 'delay', label: 'Each delivery 3 s late', on: 3000 },
	];
}

/**
 * @param {Now} now
 * @param {SetFaults} set
 */
function callControl(now, set) {
	return choice(
		'fault-calls',
		'Calls to the API',
		() => {
			const choices = callKind(now().calls) === OTHER_CALLS.value ? [...CALLS, OTHER_CALLS] : CALLS;
			return choices.map(({ value, text }) => ({ value, text }));
		},
		() => callKind(now().calls),
		(value) => {
			const fault = CALLS.find((one) => one.value === value)?.fault;
			if (value !== OTHER_CALLS.value) set(() => ({ calls: fault ? [fault] : [] }));
		},
	);
}

/** Which of the choices is in force. @param {readonly CallFault[]} calls */
function callKind(calls) {
	if (calls.length === 0) return '';
	const known = CALLS.find(({ fault }) => JSON.stringify([fault]) === JSON.stringify(calls));
	return known?.value ?? OTHER_CALLS.value;
}

/**
 * The service's own switches.
 * @param {ServiceStatus} service
 * @param {Now} now
 * @param {SetFaults} set
 */
function behaviourControls(service, now, set) {
	return Object.entries(service.behaviours).map(([name, { values, description }]) => {
		const id = `fault-${name}`;
		const label = description.charAt(0).toUpperCase() + description.slice(1);
		const value = () => now().behaviour[name];
		/** @param {string | number | boolean | undefined} wanted */
		const change = (wanted) =>
			set(({ behaviour: { [name]: _, ...rest } }) => ({
				behaviour: wanted === undefined ? rest : { ...rest, [name]: wanted },
			}));
		if (values === 'boolean') {
			return onOff(
				id,
				label,
				() => value() === true,
				(on) => change(on || undefined),
			);
		}
		if (values === 'number') {
			const limit = () => (typeof value() === 'number' ? Number(value()) : undefined);
			return wholeNumber(id, `${label} (empty: as documented)`, limit, change);
		}
		const options = [{ value: '', text: 'as it is assumed to be' }, ...values.map((text) => ({ value: text, text }))];
		return choice(
			id,
			label,
			() => options,
			() => String(value() ?? ''),
			(chosen) => change(chosen || undefined),
		);
	});
}

/** @param {unknown} value */
function isOn(value) {
	return value !== undefined && value !== false && value !== 0;
}

/**
 * @param {ServiceStatus} service
 * @param {FaultSet} faults
 */
function summary(service, faults) {
	const on = faultCount(faults);
	if (on === 0) return `No faults are active at ${service.name}.`;
	const usedUp =
		faults.deliveries.count === 0 ? ' The faults of deliveries have happened the number of times that you set.' : '';
	return `${count(on, 'fault')} at ${service.name}.${usedUp}`;
}
