/** Student's t from the normal quantile. Source: Cornish-Fisher expansion, Abramowitz & Stegun 26.7.5, two terms. */
export function studentQuantile(z: number, freedom: number): number {
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  return z + first / freedom + second / freedom ** 2;
}

/** Upper normal quantile of a tail below 0.5. Source: Abramowitz & Stegun 26.2.23, error below 4.5e-4. */
export function normalQuantile(tail: number): number {
  const t = Math.sqrt(-2 * Math.log(tail));
  return (
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  );
}
