/** Times, spans and counts in words. */

/** Milliseconds by which the sandbox's clock is ahead of the browser's. */
let ahead = 0;

/**
 * Sets the clock by a message of the sandbox.
 * @param {string} now
 */
export function setClock(now) {
	ahead = Date.parse(now) - Date.now();
}

/**
 * The time of day, with seconds.
 * @param {string} at ISO 8601
 */
export function timeOfDay(at) {
	return new Date(at).toLocaleTimeString(undefined, {
		hour: '2-digit',
		minute: '2-digit',
		second: '2-digit',
		hour12: false,
	});
}

/**
 * How long it is until then, e.g. `4:05` or `23:59:10`; `now` when it is over.
 * @param {string} at ISO 8601, by the sandbox's clock
 */
export function until(at) {
	const seconds = Math.ceil((Date.parse(at) - Date.now() - ahead) / 1000);
	if (seconds <= 0) return 'now';
	const two = (/** @type {number} */ number) => String(number).padStart(2, '0');
	const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
	return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/**
 * A span of time, e.g. `5 min`, `0.3 s`.
 * @param {number} seconds
 */
export function span(seconds) {
	if (seconds >= 3600) return `${round(seconds / 3600)} h`;
	if (seconds >= 60) return `${round(seconds / 60)} min`;
	if (seconds >= 0.1) return `${round(seconds)} s`;
	return `${Math.max(1, Math.round(seconds * 1000))} ms`;
}

/** @param {number} number */
function round(number) {
	return String(Math.round(number * 10) / 10);
}

/**
 * @param {number} number
 * @param {string} one
 * @param {string} [many]
 */
export function count(number, one, many = `${one}s`) {
	return `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
}

/**
 * `a`, `a and b`, `a, b and c`.
 * @param {readonly string[]} words
 */
export function list(words) {
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
