/** How a service is reached: base URL, demo credentials, and webhooks that are registered manually. */
import { addWebhook } from './api.js';
import { byId, make, secretText, setOptions, setText } from './dom.js';

/** @import { ServiceStatus } from '../control.mts' */

/**
 * The base URL and the first demo account's credentials.
 * @param {ServiceStatus} service
 */
export function showCredentials(service) {
	const given = service.accounts[0]?.credentials ?? {};
	const rows = service.credentialFields.flatMap(({ name, label, secret }) => {
		const value = given[name];
		return value === undefined ? [] : [{ label, value, secret }];
	});
	rows.push({ label: 'Base URL', value: location.origin + service.basePath, secret: false });
	if (service.handSecret !== undefined) {
		rows.push({ label: 'Webhook Secret', value: service.handSecret, secret: true });
	}
	byId('credentials', HTMLElement).replaceChildren(
		...rows.map(({ label, value, secret }) => {
			const shown = secretText(label, secret ? undefined : (plain) => plain);
			shown.set(value);
			return make('div', {}, make('dt', {}, label), make('dd', {}, shown.element, copyButton(label, value)));
		}),
	);
}

/**
 * @param {string} label
 * @param {string} value
 */
function copyButton(label, value) {
	const button = make('button', { type: 'button', class: 'small', 'aria-label': `Copy ${label}` }, 'Copy');
	button.hidden = !navigator.clipboard; // browsers have it on https and on loopback only
	button.addEventListener('click', async () => {
		const done = await navigator.clipboard.writeText(value).then(
			() => 'Copied',
			() => 'Not copied',
		);
		setText(button, done);
		button.setAttribute('aria-label', `${done}: ${label}`);
		setTimeout(() => {
			setText(button, 'Copy');
			button.setAttribute('aria-label', `Copy ${label}`);
		}, 2000);
	});
	return button;
}

/** The form for services whose webhooks are set up in their dashboard. */
export function byHand() {
	const form = byId('by-hand-form', HTMLFormElement);
	const url = byId('by-hand-url', HTMLInputElement);
	const secret = byId('by-hand-secret', HTMLInputElement);
	const show = byId('by-hand-show', HTMLButtonElement);
	const proof = byId('by-hand-proof', HTMLSelectElement);
	const events = byId('by-hand-events', HTMLElement);
	const error = byId('by-hand-error', HTMLElement);
	const details = byId('by-hand', HTMLDetailsElement);
	/** @type {ServiceStatus} */
	let service;

	show.addEventListener('click', () => {
		const shown = secret.type === 'password';
		secret.type = shown ? 'text' : 'password';
		show.setAttribute('aria-pressed', String(shown));
	});
	// Stripe's events are Stripe's own: there is no list to choose from.
	const listed = () => service.proofs.find(({ name }) => name === proof.value)?.kind !== 'stripe';
	proof.addEventListener('change', () => (events.hidden = !listed()));

	form.addEventListener('submit', async (event) => {
		event.preventDefault();
		const boxes = [...events.querySelectorAll('input')];
		const chosen = boxes.filter((box) => box.checked).map((box) => box.value);
		try {
			if (url.value.trim() === '') throw new Error('Give the webhook URL that the trigger shows.');
			if (listed() && chosen.length === 0) throw new Error('Choose at least one event.');
			await addWebhook({
				...{ provider: service.id, url: url.value.trim(), signature: proof.value },
				events: listed() && chosen.length < boxes.length ? chosen : ['*'],
				...(secret.value === '' ? {} : { secret: secret.value }),
			});
			setText(error, '');
			url.removeAttribute('aria-invalid');
			url.value = '';
			details.open = false;
			byId('webhooks-title', HTMLElement).focus();
		} catch (failed) {
			setText(error, failed instanceof Error ? failed.message : String(failed));
			url.setAttribute('aria-invalid', String(url.value.trim() === ''));
		}
	});

	return {
		/** @param {ServiceStatus} now */
		show: (now) => {
			service = now;
			details.hidden = service.handSecret === undefined;
			secret.value = service.handSecret ?? '';
			setText(error, '');
			setOptions(
				proof,
				service.proofs.map(({ name, label }) => ({ value: name, text: label })),
			);
			byId('by-hand-proof-row', HTMLElement).hidden = service.proofs.length < 2;
			events.hidden = !listed();
			const boxes = service.events.map((name) => {
				const id = `by-hand-event-${name}`;
				const box = make('input', { type: 'checkbox', id, value: name, checked: true });
				return make('p', { class: 'check' }, box, make('label', { for: id }, name));
			});
			events.replaceChildren(make('legend', {}, 'Events'), ...boxes);
		},
	};
}
