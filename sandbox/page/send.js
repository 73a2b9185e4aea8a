/** Sending a test event: its type, to whom, and a sample that can be changed. */
import { raise, sample } from './api.js';
import { byId, maskToken, setOptions, setText } from './dom.js';
import { format, read, renew } from './json.js';
import { nameOf, tokenOf } from './webhooks.js';
import { count } from './words.js';

/** @import { ServiceStatus } from '../control.mts' */
/** @import { LiveService } from '../stream.mts' */
/** @import { Json } from '../../core/provider.ts' */

/** What a person has before them: the sample it began with, and the text as it is now. */
/** @typedef {{ sample: Json, text: string }} Draft */

export function sending() {
	const type = byId('send-event', HTMLSelectElement);
	const to = byId('send-to', HTMLSelectElement);
	const payload = byId('send-payload', HTMLTextAreaElement);
	const error = byId('send-error', HTMLElement);
	const done = byId('send-done', HTMLElement);
	const renewed = byId('send-renew', HTMLInputElement);
	/** @type {Map<string, Draft>} */
	const drafts = new Map();
	/** @type {ServiceStatus} */
	let service;

	const key = () => `${service.id}/${type.value}`;
	/** @param {string} text */
	const complain = (text) => {
		setText(error, text);
		payload.setAttribute('aria-invalid', String(text !== ''));
	};
	const check = () => {
		const found = read(payload.value);
		complain('error' in found ? found.error : '');
		return found;
	};
	/** @param {Draft} draft */
	const put = (draft) => {
		drafts.set(key(), draft);
		payload.value = draft.text;
		check();
	};
	const load = async (fresh = false) => {
		const wanted = key();
		const chosen = service.eventTypes.find(({ name }) => name === type.value);
		setText(byId('send-about', HTMLElement), chosen ? `${chosen.description}.` : '');
		const draft = fresh ? undefined : drafts.get(wanted);
		try {
			const fresh = draft?.sample ?? (await sample(service.id, type.value));
			if (key() === wanted) put(draft ?? { sample: fresh, text: format(fresh) });
		} catch (failed) {
			complain(failed instanceof Error ? failed.message : String(failed));
		}
	};

	/**
	 * Puts new ids into what was sent, unless a person has gone on to something else meanwhile.
	 * @param {string} at the key of the draft
	 * @param {Draft} draft
	 */
	const renewIds = async (at, draft) => {
		const [provider = '', name = ''] = at.split('/');
		const next = await sample(provider, name);
		const now = read(payload.value);
		if (key() !== at || 'error' in now) return;
		put({ sample: next, text: format(renew(now.value, draft.sample, next)) });
	};

	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let checking;
	payload.addEventListener('input', () => {
		const draft = drafts.get(key());
		if (draft) draft.text = payload.value;
		if (payload.getAttribute('aria-invalid') === 'true') return void check(); // it may be right by now
		clearTimeout(checking);
		checking = setTimeout(check, 600);
	});
	type.addEventListener('change', () => {
		setText(done, '');
		void load();
	});
	byId('send-sample', HTMLButtonElement).addEventListener('click', () => {
		setText(done, '');
		void load(true);
	});

	byId('send', HTMLFormElement).addEventListener('submit', async (event) => {
		event.preventDefault();
		setText(done, '');
		const found = check();
		if ('error' in found) return payload.focus();
		const [at, name, webhook] = [key(), type.value, to.value];
		try {
			const deliveries = await raise({
				...{ provider: service.id, event: name, payload: found.value },
				...(webhook === '' ? {} : { subscription: webhook, test: true }),
			});
			const draft = drafts.get(at);
			if (renewed.checked && draft) await renewIds(at, draft);
			done.dataset.state = deliveries.length > 0 ? 'good' : 'wait';
			setText(done, outcome(deliveries.length, service.name, name, webhook !== ''));
		} catch (failed) {
			complain(failed instanceof Error ? failed.message : String(failed));
		}
	});

	return {
		/** @param {ServiceStatus} now */
		show: (now) => {
			service = now;
			setText(done, '');
			setOptions(
				type,
				service.eventTypes.map(({ name, label, group }) => ({ value: name, text: `${label} (${name})`, group })),
			);
			void load();
		},
		/** @param {LiveService} live */
		update: (live) => {
			const masked = maskToken(tokenOf(service));
			const each = live.subscriptions.map((webhook) => ({
				value: webhook.id,
				text: `Only ${nameOf(webhook)}${webhook.active ? '' : ' (disabled)'}, ${masked(webhook.url)}`,
			}));
			setOptions(to, [{ value: '', text: 'Every webhook that asks for this event' }, ...each]);
		},
		/**
		 * Prepares to send to one webhook.
		 * @param {string} id
		 */
		aim: (id) => {
			to.value = id;
			setText(done, '');
			byId('send-title', HTMLElement).scrollIntoView({ block: 'start' });
			type.focus({ preventScroll: true });
		},
	};
}

/**
 * @param {number} deliveries
 * @param {string} service
 * @param {string} event
 * @param {boolean} one
 */
function outcome(deliveries, service, event, one) {
	if (deliveries > 0) return `Sent to ${count(deliveries, 'webhook')}. See Deliveries for the result.`;
	if (one) return 'Not sent: this webhook is disabled.';
	return `Not sent: no active webhook of ${service} asks for ${event}.`;
}
