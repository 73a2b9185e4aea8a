/** The webhooks of a service: state, address, secret, and what can be done with each. */
import { removeWebhook, switchWebhook } from './api.js';
import { act, byId, confirmed, keyed, make, maskToken, secretText, setNote, setText } from './dom.js';
import { count, list, span, timeOfDay } from './words.js';

/** @import { ServiceStatus } from '../control.mts' */
/** @import { LiveService } from '../stream.mts' */
/** @import { Subscription } from '../subscriptions.mts' */

/**
 * What a person knows a webhook by.
 * @param {Subscription} webhook
 */
export function nameOf({ title, id }) {
	return title || id;
}

/**
 * The query parameter that holds the secret of the service's webhook URLs, where there is one.
 * @param {ServiceStatus} service
 */
export function tokenOf(service) {
	return service.proofs.find((proof) => proof.tokenParameter !== undefined)?.tokenParameter;
}

/**
 * The section. `onSend` is called with a webhook's id when a person wants to send an event to it.
 * @param {number} speed
 * @param {(id: string) => void} onSend
 */
export function webhooks(speed, onSend) {
	const title = byId('webhooks-title', HTMLElement);
	const container = byId('webhooks', HTMLElement);
	/** @type {Map<string, ReturnType<typeof row>>} */
	const rows = new Map();

	return {
		/** @param {ServiceStatus} service */
		show: (service) => {
			setText(title, `Webhooks of ${service.name}`);
			setNote(byId('schedule', HTMLElement), schedule(service, speed));
			const how =
				service.handSecret === undefined ? 'Publish a workflow with its trigger' : 'Add the one of a workflow below';
			setText(byId('webhooks-none', HTMLElement), `No webhook yet. ${how}.`);
			for (const { element } of rows.values()) element.remove();
			rows.clear();
		},
		/**
		 * @param {ServiceStatus} service
		 * @param {LiveService} live
		 */
		update: (service, live) => {
			byId('webhooks-none', HTMLElement).hidden = live.total > 0;
			keyed(container, rows, live.subscriptions, (webhook) => row(service, webhook, onSend));
			const hidden = live.total - live.subscriptions.length;
			setNote(byId('webhooks-more', HTMLElement), hidden > 0 ? `And ${count(hidden, 'older webhook')}.` : '');
		},
	};
}

/**
 * @param {ServiceStatus} service
 * @param {Subscription} webhook
 * @param {(id: string) => void} onSend
 */
function row(service, webhook, onSend) {
	const name = nameOf(webhook);
	const badge = make('span', { class: 'badge' });
	const about = make('p', { class: 'note' });
	const reason = make('p', { class: 'error' });
	const events = make('p', { class: 'events' });
	const url = secretText(`whole URL of ${name}`, maskToken(tokenOf(service)));
	const secret = secretText(`secret of ${name}`);
	const secretRow = make('div', {}, make('dt', {}, 'Secret'), make('dd', {}, secret.element));
	let active = webhook.active;

	const onOff = make('button', { type: 'button', onclick: () => act(() => switchWebhook(webhook.id, !active)) });
	const remove = make('button', { type: 'button', 'aria-label': `Remove ${name}`, onclick: () => ask() }, 'Remove');
	const send = make(
		'button',
		{ type: 'button', 'aria-label': `Send test event to ${name}`, onclick: () => onSend(webhook.id) },
		'Send test event',
	);
	const ask = async () => {
		const text = `${service.name} forgets it, and what is still to be sent to it is given up.`;
		if (!(await confirmed({ title: `Remove ${name}?`, text, yes: 'Remove' }))) return;
		await act(() => removeWebhook(webhook.id));
		byId('webhooks-title', HTMLElement).focus(); // the button is about to go
	};

	const element = make(
		'li',
		{},
		make('p', { class: 'title' }, badge, ' ', make('strong', {}, name)),
		about,
		reason,
		make(
			'dl',
			{},
			make('div', {}, make('dt', {}, 'URL'), make('dd', {}, url.element)),
			make('div', {}, make('dt', {}, 'Events'), make('dd', {}, events)),
			secretRow,
		),
		make('div', { class: 'buttons' }, send, onOff, remove),
	);

	/** @param {Subscription} now */
	const update = (now) => {
		active = now.active;
		setText(badge, active ? 'Active' : 'Disabled');
		badge.dataset.state = active ? 'good' : 'bad';
		const account = now.account === '1' ? '' : `, account ${now.account}`;
		const proof = service.proofs.length > 1 ? `, ${proofLabel(service, now.signature)}` : '';
		setText(
			about,
			`Added ${now.origin === 'hand' ? 'manually' : 'by an API call'} at ${timeOfDay(now.createdAt)}${account}${proof}`,
		);
		const since = now.disabledAt === undefined ? '' : ` at ${timeOfDay(now.disabledAt)}`;
		setNote(reason, now.disabledReason === undefined ? '' : `${capital(now.disabledReason)}${since}.`);
		setText(events, now.events.includes('*') ? 'all' : now.events.join(', '));
		url.set(now.url);
		secretRow.hidden = now.secret === undefined;
		secret.set(now.secret ?? '');
		setText(onOff, active ? 'Disable' : 'Enable');
		onOff.setAttribute('aria-label', `${active ? 'Disable' : 'Enable'} ${name}`);
		send.disabled = !active;
	};
	return { element, update };
}

/**
 * @param {ServiceStatus} service
 * @param {string} signature
 */
function proofLabel(service, signature) {
	return (service.proofs.find((proof) => proof.name === signature) ?? service.proofs[0])?.label ?? signature;
}

/**
 * When a failed delivery is tried again, and what happens at last.
 * @param {ServiceStatus} service
 * @param {number} speed
 */
function schedule({ retryAfterSeconds, afterLastRetry }, speed) {
	const delays = list(retryAfterSeconds.map((seconds) => span(seconds / speed)));
	const then = afterLastRetry === 'disable' ? 'the webhook is disabled' : 'it is marked as failed';
	return `A failed delivery is tried again after ${delays}; then ${then}.`;
}

/** @param {string} text */
function capital(text) {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
