/** IP addresses and CIDR ranges, compared as parsed bytes, never as text. */

/** A range of addresses: the first `bits` bits of 16 bytes. IPv4 lives in ::ffff:0:0/96, so mapped addresses compare equal. */
export interface AddressRange {
	bytes: readonly number[];
	bits: number;
}

const IPV4_PREFIX = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];

/**
 * Parses a comma-separated list of addresses and CIDR ranges. Only an empty text is an empty list.
 * @throws Error naming the entry that is neither, or saying that nothing is named.
 */
export function parseRanges(list: string): AddressRange[] {
	if (list === '') return [];
	const entries = list.split(',').map((entry) => entry.trim());
	const named = entries.filter((entry) => entry !== '');
	if (named.length === 0) {
		throw new Error('"Allowed Sources" names no address. Clear it, or write e.g. 203.0.113.7 or 203.0.113.0/24.');
	}
	return named.map((entry) => {
		const range = parseRange(entry);
		if (range === undefined) {
			throw new Error(`"${entry}" is not an IP address or CIDR range. Write e.g. 203.0.113.7 or 203.0.113.0/24.`);
		}
		return range;
	});
}

/** Whether an address lies in one of the ranges. An address that cannot be parsed lies in none. */
export function inRanges(address: string, ranges: readonly AddressRange[]): boolean {
	const bytes = parseAddress(address);
	return bytes !== undefined && ranges.some((range) => sharesBits(bytes, range.bytes, range.bits));
}

/**
 * Why a service on the internet could not call a webhook URL, as half a sentence; undefined when it could.
 * Nothing is asked of the network: this looks at the scheme and the host.
 */
export function unreachableFromInternet(url: string): string | undefined {
	const parsed = parseUrl(url);
	if (parsed === undefined) return 'it is not a URL';
	if (isInternalHost(parsed.hostname)) return `${parsed.hostname} is an address of this machine or a private network`;
	if (parsed.protocol !== 'https:') return 'it does not begin with https://';
	return undefined;
}

/** Whether a URL leads to this machine or a private network. */
export function isInternalUrl(url: string): boolean {
	const parsed = parseUrl(url);
	return parsed !== undefined && isInternalHost(parsed.hostname);
}

function parseUrl(url: string): URL | undefined {
	try {
		return new URL(url);
	} catch {
		return undefined;
	}
}

/** Ranges that are not routed on the internet (https://www.iana.org/assignments/iana-ipv4-special-registry and its IPv6 twin). */
const INTERNAL_RANGES = parseRanges(
	'0.0.0.0/8, 10.0.0.0/8, 100.64.0.0/10, 127.0.0.0/8, 169.254.0.0/16, 172.16.0.0/12, 192.168.0.0/16, ::/128, ::1/128, fc00::/7, fe80::/10',
);

function isInternalHost(hostname: string): boolean {
	const host = hostname
		.replace(/^\[|\]$/g, '')
		.replace(/\.$/, '')
		.toLowerCase();
	if (parseAddress(host) !== undefined) return inRanges(host, INTERNAL_RANGES);
	// A name without a dot, or under a name that is reserved for local use, is known to a private network only.
	return !host.includes('.') || /\.(localhost|local|internal|home\.arpa|lan)$/.test(host);
}

function parseRange(entry: string): AddressRange | undefined {
	const slash = entry.indexOf('/');
	const address = slash < 0 ? entry : entry.slice(0, slash);
	const bytes = parseAddress(address);
	if (bytes === undefined) return undefined;
	if (slash < 0) return { bytes, bits: 128 };
	const length = entry.slice(slash + 1);
	const isIpv4 = !address.includes(':');
	if (!/^(0|[1-9][0-9]{0,2})$/.test(length) || Number(length) > (isIpv4 ? 32 : 128)) return undefined;
	return { bytes, bits: Number(length) + (isIpv4 ? 96 : 0) };
}

function parseAddress(address: string): number[] | undefined {
	if (!address.includes(':')) {
		const ipv4 = parseIpv4(address);
		return ipv4 && [...IPV4_PREFIX, ...ipv4];
	}
	// A zone (fe80::1%eth0) names an interface of this machine, not a different address.
	const zone = address.indexOf('%');
	return parseIpv6(zone < 0 ? address : address.slice(0, zone));
}

function parseIpv4(address: string): number[] | undefined {
	const parts = address.split('.');
	if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9][0-9]{0,2})$/.test(part) && Number(part) < 256))
		return undefined;
	return parts.map(Number);
}

function parseIpv6(address: string): number[] | undefined {
	const halves = address.split('::');
	if (halves.length > 2) return undefined;
	const head = parseGroups(halves[0] ?? '', halves.length === 1);
	const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
	if (head === undefined || tail === undefined) return undefined;
	const missing = 16 - head.length - tail.length;
	if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
	return [...head, ...new Array<number>(missing).fill(0), ...tail];
}

function parseGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
	if (text === '') return [];
	const groups = text.split(':');
	const bytes: number[] = [];
	for (const [index, group] of groups.entries()) {
		if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
			const value = parseInt(group, 16);
			bytes.push(value >> 8, value & 0xff);
			continue;
		}
		const ipv4 = mayEndInIpv4 && index === groups.length - 1 ? parseIpv4(group) : undefined;
		if (ipv4 === undefined) return undefined;
		bytes.push(...ipv4);
	}
	return bytes;
}

function sharesBits(a: readonly number[], b: readonly number[], bits: number): boolean {
	for (let index = 0; index * 8 < bits; index++) {
		const mask = bits - index * 8 >= 8 ? 0xff : (0xff << (8 - (bits - index * 8))) & 0xff;
		if (((a[index] ?? 0) & mask) !== ((b[index] ?? 0) & mask)) return false;
	}
	return true;
}
