/** What services share: reading texts out of answers, and a field of connections. */
import { text } from '../core/json.ts';
import type { Field, Json } from '../core/provider.ts';

/** A text that says something, without the space around it. Undefined for an empty one, and for what is no text. */
export function words(value: Json | undefined): string | undefined {
	return text(value)?.trim() || undefined;
}

/** The second secret of every webhook that is registered manually: with it, the first can be changed and nothing is lost. */
export const previousWebhookSecret: Field = {
	name: 'previousWebhookSecret',
	label: 'Previous Webhook Secret',
	type: 'string',
	secret: true,
	description:
		'The secret that was in Webhook Secret before. Events signed with it are still accepted while you change the secret. Clear this field afterwards.',
};
