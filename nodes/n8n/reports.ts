/** What a tick tells a person: as a failed execution, so that n8n's list of executions shows it and error workflows notify. */
import { NodeOperationError, type IPollFunctions } from 'n8n-workflow';
import type { FailedDelivery, Provider } from '../../core/provider.ts';
import type { RejectedReason } from '../../core/receive.ts';
import type { Remembered, Report } from './remembered.ts';
import type { TriggerSettings } from './settings.ts';

export const HOUR = 3_600_000;

/** The choices of "Watch", in milliseconds. */
export const PERIODS: { readonly [watch: string]: number } = { hourly: HOUR, daily: 24 * HOUR };

/** How many failed deliveries are listed one by one. */
const LISTED = 20;

/**
 * Everything that is to be told, as one error: its message is one sentence, its description says what to do.
 * @returns Undefined when there is nothing.
 */
export function errorOf(context: IPollFunctions, reports: readonly Report[]): NodeOperationError | undefined {
	if (reports.length === 0) return undefined;
	const message = reports.map(({ sentence }) => sentence).join(' ');
	const description = reports.flatMap(({ advice }) => advice ?? []).join(' ');
	return new NodeOperationError(context.getNode(), message, description === '' ? {} : { description });
}

/** Deliveries that this process rejected since the last report; nothing while all their reasons were reported lately. */
export function rejections(
	provider: Provider,
	settings: TriggerSettings,
	{ rejected, rejectedBefore }: Remembered,
	now: number,
): Report[] {
	const again = PERIODS[settings.watch] ?? HOUR;
	const isNew = (reason: RejectedReason) => now - (rejectedBefore.get(reason) ?? Number.NEGATIVE_INFINITY) >= again;
	const all = [...rejected];
	if (!settings.reportRejected || !all.some(([reason]) => isNew(reason))) return [];
	rejected.clear();
	for (const [reason] of all) rejectedBefore.set(reason, now);
	const count = all.reduce((sum, [, times]) => sum + times, 0);
	const reasons = all.map(([reason, times]) => `${reason} (${times})`).join(', ');
	const what = count === 1 ? 'A request was' : `${count} requests were`;
	return [
		{
			sentence: `${provider.name}: ${what} rejected and did not start the workflow: ${reasons}.`,
			advice: all.map(([reason]) => `${reason}: ${adviceOn(reason, provider, settings)}`).join(' '),
		},
	];
}

/** Deliveries that the service could not make. */
export function failures({ name }: Provider, failed: readonly FailedDelivery[]): Report[] {
	if (failed.length === 0) return [];
	const listed = failed.slice(0, LISTED).map(({ event, at }) => `${event} (${at ?? 'no time given'})`);
	const more = failed.length > LISTED ? ` and ${failed.length - LISTED} more` : '';
	const what = failed.length === 1 ? 'an event' : `${failed.length} events`;
	return [
		{
			sentence: `${name} could not deliver ${what}: ${listed.join(', ')}${more}.`,
			advice: `If they do not arrive later, look at the records in ${name}. Check that n8n can be reached from the internet.`,
		},
	];
}

/** What a person does about deliveries that are rejected. */
function adviceOn(reason: RejectedReason, { name }: Provider, { registration }: TriggerSettings): string {
	const isManual = registration.kind === 'manual';
	switch (reason) {
		case 'signature_mismatch':
			return isManual
				? `The webhook secret does not match: copy it from ${name} into the webhook credential. If everything from ${name} arrives, somebody else sent these.`
				: `If events from ${name} are missing, unpublish the workflow and publish it again. Otherwise somebody else sent these.`;
		case 'token_mismatch':
		case 'token_missing':
			return `The URL was called without its token, or with an old one. If events from ${name} are missing, unpublish the workflow and publish it again.`;
		case 'signature_missing':
			return `They were not signed. If ${name} sent them, check that a secret is set for this webhook in ${name}, and that a proxy passes all headers on.`;
		case 'signature_malformed':
			return `Their signature is not one that ${name} makes. If ${name} sent them, check the signature chosen in the trigger.`;
		case 'timestamp_stale':
			return `They were signed too long ago, or the clock of this server is wrong: check its time.`;
		case 'secret_not_configured':
			return isManual
				? `Fill in the webhook secret in the webhook credential.`
				: `Check the credential, then unpublish the workflow and publish it again.`;
		case 'source_not_allowed':
			return `They came from an address outside Allowed Sources. Behind a reverse proxy, set N8N_PROXY_HOPS so that n8n sees the real address.`;
		case 'too_large':
			return `They were larger than n8n takes: see N8N_PAYLOAD_SIZE_MAX.`;
	}
}
