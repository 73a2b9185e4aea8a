/** The payload that a person edits. */

/** @import { Json } from '../../core/provider.ts' */

/** @param {Json} value */
export function format(value) {
	return JSON.stringify(value, null, 2);
}

/**
 * Reads what a person typed.
 * @param {string} text
 * @returns {{ value: Json } | { error: string }} the error says what is wrong, and where
 */
export function read(text) {
	if (text.trim() === '') return { error: 'The payload is empty. Write a JSON object, or go back to the sample.' };
	try {
		const value = JSON.parse(text);
		if (typeof value !== 'object' || value === null) {
			return { error: 'The payload must be a JSON object { } or a list [ ].' };
		}
		return { value };
	} catch (error) {
		return { error: complaint(text, error instanceof Error ? error.message : '') };
	}
}

/**
 * Browsers say in their own ways what is wrong, and where.
 * @param {string} text
 * @param {string} message
 */
function complaint(text, message) {
	const [, why = ''] =
		/^(?:JSON\.parse: |JSON Parse error: )?(.*?)(?: in JSON)?(?: at (?:position|line) .*)?$/s.exec(message) ?? [];
	const what = why
		.replace(/, (?:\.{3})?"[^]*" is not valid JSON$/, '')
		.replace(/^Unexpected end of JSON input$/, 'it ends too early');
	const place = placeOf(text, message);
	return `This is not valid JSON${place}: ${what || 'it cannot be read'}.`;
}

/**
 * @param {string} text
 * @param {string} message
 */
function placeOf(text, message) {
	const [, line, column] = /line (\d+) column (\d+)/.exec(message) ?? [];
	if (line !== undefined) return ` in line ${line}, column ${column}`;
	const [, position] = /at position (\d+)/.exec(message) ?? [];
	if (position === undefined) return '';
	const before = text.slice(0, Number(position)).split('\n');
	return ` in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/**
 * The payload with the ids and time stamps of another sample, but for those that a person has changed.
 * @param {Json} edited
 * @param {Json | undefined} sample the one that the person began with
 * @param {Json | undefined} next another one: where it differs are ids and time stamps
 * @returns {Json}
 */
export function renew(edited, sample, next) {
	if (JSON.stringify(edited) === JSON.stringify(sample)) return next ?? edited;
	if (Array.isArray(edited)) {
		if (!Array.isArray(sample) || !Array.isArray(next)) return edited;
		return edited.map((element, index) => renew(element, sample[index], next[index]));
	}
	if (!isObject(edited) || !isObject(sample) || !isObject(next)) return edited;
	return Object.fromEntries(Object.entries(edited).map(([key, value]) => [key, renew(value, sample[key], next[key])]));
}

/**
 * @param {Json | undefined} value
 * @returns {value is { [key: string]: Json }}
 */
function isObject(value) {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
