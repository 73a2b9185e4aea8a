/** What counts as a service's answer, and what went wrong at it: one clear sentence with what to do. */
import { ServiceRefused } from './errors.ts';
import type { HttpResponse, Provider } from './provider.ts';

/**
 * Reads an answer for what went wrong. Undefined when nothing did.
 * @param asked What was asked of the service, e.g. `the subscription to document.analyzed`.
 * @param assumed What is assumed about this call because it is not documented: it may be the reason.
 */
export function refusal(
	provider: Provider,
	response: HttpResponse,
	asked: string,
	assumed?: string,
): ServiceRefused | undefined {
	const said = provider.readError(response);
	if (said === undefined && response.status >= 200 && response.status < 300) return undefined;
	const retryAfterSeconds = response.status === 429 ? retryAfter(response) : undefined;
	const perhaps = assumed !== undefined && [400, 404, 405, 422].includes(response.status);
	const advice = perhaps
		? `This call is not documented: ${assumed}`
		: adviceFor(provider, response.status, retryAfterSeconds);
	const message = said ? withoutStop(said.message) : `it answered with status ${response.status}`;
	const code = said?.code === undefined || said.message.includes(said.code) ? '' : ` (${said.code})`;
	const details = said?.details?.length ? `: ${said.details.join('; ')}` : '';
	return new ServiceRefused(`${provider.name} did not accept ${asked}: ${message}${code}${details}. ${advice}`.trim(), {
		status: response.status,
		code: said?.code,
		retryAfterSeconds,
		advice,
	});
}

/** Seconds until a limited request may be tried again, from `Retry-After` or `X-RateLimit-Reset`; 60 where neither can be read. */
export function retryAfter(response: HttpResponse, now: number = Date.now()): number {
	const header = response.headers['retry-after']?.trim();
	if (header !== undefined && /^[0-9]+$/.test(header)) return Number(header);
	const date = header === undefined ? Number.NaN : Date.parse(header);
	const reset = Number(response.headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
	const at = Number.isNaN(date) ? reset : date;
	return Number.isNaN(at) ? 60 : Math.max(1, Math.ceil((at - now) / 1000));
}

/** The text with every secret blanked out, whatever put it there: a service may repeat a key in its message. */
export function redact(text: string, secrets: readonly string[]): string {
	return secrets
		.filter((secret) => secret.length >= 4)
		.flatMap((secret) => [secret, encodeURIComponent(secret)])
		.reduce((clean, secret) => clean.split(secret).join('***'), text);
}

function adviceFor(provider: Provider, status: number, retryAfterSeconds: number | undefined): string {
	if (status === 401) return `Check the ${provider.name} credential: ${provider.api.hint}`;
	if (status === 403) return `The credential is known but may not do this; check its permissions in ${provider.name}.`;
	if (status === 429) return `${provider.name} limits how often it can be asked; try again in ${retryAfterSeconds} s.`;
	if (status >= 500) return `This lies with ${provider.name}; try again in a few minutes.`;
	return '';
}

function withoutStop(sentence: string): string {
	return sentence.replace(/\.\s*$/, '');
}
