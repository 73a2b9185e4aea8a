/** What makes a record or an event new: ids, time stamps, and the caller's values laid over a sample. */
import { randomBytes } from 'node:crypto';
import { isObject } from '../core/json.ts';
import type { Json, JsonObject } from '../core/provider.ts';

let lastInstant = 0;
let lastNumber = 500_000;

/** ISO 8601 in UTC with milliseconds, never the same twice: some services' events differ by their time stamp only. */
export function instant(): string {
	lastInstant = Math.max(Date.now(), lastInstant + 1);
	return new Date(lastInstant).toISOString();
}

/** ISO 8601 in UTC with whole seconds and an offset, as Solve360 writes it. */
export function second(at = Date.now()): string {
	return new Date(at).toISOString().replace(/\.\d+Z$/, '+00:00');
}

/** A text id, e.g. `freshId('evt_')`. */
export function freshId(prefix: string): string {
	return prefix + randomBytes(8).toString('hex');
}

/** An integer id, ascending over the life of the process. */
export function freshNumber(): number {
	return ++lastNumber;
}

/** `over` laid over `base`: objects are merged at every depth, anything else (arrays too) replaces. */
export function merge(base: Json | undefined, over: Json | undefined): Json {
	if (over === undefined) return structuredClone(base ?? null);
	if (!isObject(base) || !isObject(over)) return structuredClone(over);
	const merged: JsonObject = Object.create(null) as JsonObject;
	for (const key of new Set([...Object.keys(base), ...Object.keys(over)])) merged[key] = merge(base[key], over[key]);
	return { ...merged };
}

/** `merge` for two objects. */
export function mergeObjects(base: JsonObject, over: JsonObject | undefined): JsonObject {
	const merged = merge(base, over);
	return isObject(merged) ? merged : {};
}
