import { inRanges, isInternalUrl, parseRanges, unreachableFromInternet } from '../../../core/address.ts';

describe('ranges', () => {
	it.each([
		['203.0.113.7', '203.0.113.7', true],
		['203.0.113.7', '203.0.113.70', false],
		['203.0.113.70', '203.0.113.7', false],
		['203.0.113.0/24', '203.0.113.255', true],
		['203.0.113.0/24', '203.0.114.0', false],
		['203.0.113.128/25', '203.0.113.127', false],
		['203.0.113.128/25', '203.0.113.128', true],
		['0.0.0.0/0', '198.51.100.1', true],
		['0.0.0.0/0', '2001:db8::1', false],
		['203.0.113.7', '::ffff:203.0.113.7', true],
		['::ffff:203.0.113.7', '203.0.113.7', true],
		['2001:db8::/32', '2001:db8:1::5', true],
		['2001:db8::/32', '2001:db9::', false],
		['2001:DB8::1', '2001:db8:0:0:0:0:0:1', true],
		['::/0', '203.0.113.7', true],
		['198.51.100.1, 203.0.113.0/24', '203.0.113.9', true],
		['203.0.113.7', '', false],
		['203.0.113.7', 'unknown', false],
		['203.0.113.7', '203.0.113.07', false],
		['fe80::1', 'fe80::1%eth0', true],
		['203.0.113.7', '203.0.113.7%eth0', false],
	])('%s holds %s: %s', (ranges, address, expected) => {
		expect(inRanges(address, parseRanges(ranges))).toBe(expected);
	});

	it.each([
		'203.0.113',
		'203.0.113.256',
		'203.0.113.0/33',
		'203.0.113.0/',
		'203.0.113.0/-1',
		'1:2:3',
		'::1::',
		':::',
		'2001:db8::/129',
		'example.com',
		'1.2.3.4.5',
		'1:2:3:4:5:6:7:8:9',
		'::1.2.3.4:5',
	])('refuse %s by name', (entry) => {
		expect(() => parseRanges(`203.0.113.1, ${entry}`)).toThrow(`"${entry}"`);
	});
});

describe('addresses of this machine and private networks', () => {
	it.each([
		'http://localhost',
		'http://127.0.0.1:4010',
		'https://10.0.0.1',
		'https://172.31.0.1',
		'https://192.168.1.1',
		'https://[fd00::1]',
		'https://n8n',
		'https://n8n.local',
		'http://[::ffff:10.0.0.1]',
		'http://2130706433',
	])('%s is one', (url) => expect(isInternalUrl(url)).toBe(true));
	it.each(['https://n8n.example.com', 'https://172.32.0.1', 'https://8.8.8.8'])('%s is none', (url) => {
		expect(isInternalUrl(url)).toBe(false);
		expect(unreachableFromInternet(url)).toBeUndefined();
	});
	it('wants https', () => expect(unreachableFromInternet('http://n8n.example.com')).toContain('https'));
});

it.each([',', ' ', ' , ,', '\n'])('a list that names nothing is an error, not a list of everything: %j', (list) => {
	expect(() => parseRanges(list)).toThrow('"Allowed Sources" names no address');
});
