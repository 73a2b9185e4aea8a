/** What the readers of delivery bodies (JSON, XML, form) share: their limits, how they refuse, how they set a key. */
import type { Json, JsonObject } from './provider.ts';

/** How deep objects and lists may be nested. What is deeper could not be hashed or stored safely: recursion would end it. */
export const MAX_DEPTH = 256;

/** A body that cannot be read. The message is one clause that says what is wrong and quotes nothing of the body. */
export class Unreadable extends Error {
	override readonly name = 'Unreadable';
}

/** Sets an own key, whatever its name: plain assignment of `__proto__` would change the object's prototype instead. */
export function put(object: JsonObject, key: string, value: Json): void {
	if (key === '__proto__') {
		Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
	} else {
		object[key] = value;
	}
}
