/** Removes the webhook's address, and any part of it that allows posting, from a text. */
export function hideSecret(text: string, url: string): string {
  const { pathname, search } = new URL(url);
  const secrets = [url, `${pathname}${search}`, pathname, search, ...pathname.split("/")]
    .filter((part) => part.length >= 6)
    .flatMap((part) => [part, decoded(part)]);
  return secrets.reduce((hidden, secret) => hidden.replaceAll(secret, "[webhook address]"), text);
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
