/** The pages that the services were built from, statement by statement. `npm run docs` writes them into docs/seeds.md. */
import { solarProof } from './solar-proof.ts';
import { solatis } from './solatis.ts';
import { solidNumber } from './solid-number.ts';
import { solve360 } from './solve360.ts';
import { soshiaConnect } from './soshia-connect.ts';
import type { Seed } from './statement.ts';

export const seeds: readonly Seed[] = [solarProof, solatis, solidNumber, soshiaConnect, solve360];
