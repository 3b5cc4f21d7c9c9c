/** Which addresses in a message are Amazon SNS's own. */

const TOPIC = /^arn:aws(?:-cn|-us-gov)?:sns:([a-z0-9-]{3,40}):\d{12}:[\w.-]{1,256}$/;

/** The region of a topic's ARN; undefined for what is none. */
export function regionOfTopic(arn: string): string | undefined {
  return TOPIC.exec(arn)?.[1];
}

/** An HTTPS address of SNS in the topic's own region, without port, user or fragment; undefined for any other. */
export function snsAddress(text: string, topicArn: string): URL | undefined {
  const url = URL.parse(text);
  const region = regionOfTopic(topicArn);
  if (url === null || region === undefined) return undefined;
  const hosts = [`sns.${region}.amazonaws.com`, `sns.${region}.amazonaws.com.cn`];
  const plain = url.port === "" && url.username === "" && url.password === "" && url.hash === "";
  return url.protocol === "https:" && plain && hosts.includes(url.host) ? url : undefined;
}

/** Where a signing certificate may be fetched from. */
export function certificateAddress(text: string, topicArn: string): URL | undefined {
  const url = snsAddress(text, topicArn);
  return url !== undefined && url.search === "" && /^\/[\w-]{1,128}\.pem$/.test(url.pathname)
    ? url
    : undefined;
}
