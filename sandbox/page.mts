/** The page at `/`: what is served where. */
import { BASE_PATHS } from './accounts.mts';
import type { Service } from './service.mts';

const CONTROLS = [
	['GET /control/status', 'services, speed, port'],
	['POST /control/events', 'raise an event'],
	['GET|POST /control/subscriptions', 'list; register by hand'],
	['POST|DELETE /control/subscriptions/:id', 'enable or disable; remove'],
	['GET /control/deliveries', 'the delivery log'],
	['POST /control/deliveries/:id/replay', 'send the same bytes again'],
	['GET|POST /control/faults', 'what is to go wrong'],
	['GET /control/requests', 'the API calls received'],
	['POST /control/tokens/expire', 'end every SoshiaConnect session'],
	['POST /control/reset', 'back to the beginning'],
] as const;

/** The page as HTML. */
export function page(services: readonly Service[]): string {
	const rows = services.map(
		(service) => `<tr><td>${service.name}</td><td><code>${BASE_PATHS[service.id]}</code></td></tr>`,
	);
	const controls = CONTROLS.map(([call, what]) => `<tr><td><code>${call}</code></td><td>${what}</td></tr>`);
	return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Hookline sandbox</title>
<h1>Hookline sandbox</h1>
<p>Five services as local HTTP servers. Nothing here is the real service.</p>
<h2>Services</h2><table>${rows.join('')}</table>
<h2>Control</h2><table>${controls.join('')}</table>
</html>
`;
}
