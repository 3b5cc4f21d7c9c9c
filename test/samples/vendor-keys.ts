/**
 * Keys of vendors in the form that each documents, made at run time from parts, so that no scanner takes a file of
 * this repository for a leak. `A52` is 52 letters and digits, `H` hexadecimal digits, `U` upper case and digits, `L`
 * lower case and digits, `D` digits, `W` letters, digits, `_` and `-`, `B` base 64, `Z` letters; the rest stands as it
 * is, and `uuid` is one. Forms: GitHub's list of partners and the vendors' own pages.
 */
const FORMS = `
1Password account|A3-{U6}-{U11}-{U5}-{U5}-{U5}
1Password service account|ops_ey{A250}fQ
Adobe client|p8e-{L32}
age|AGE-SECRET-KEY-1{U58}
Airtable|pat{A14}.{H64}
Aiven|AVNS_{W19}
Alibaba access key|LTAI{A20}
Anthropic|sk-ant-api03-{W93}AA
Anthropic admin|sk-ant-admin01-{W93}AA
Apify|apify_api_{A36}
Artifactory API key|AKCp{A69}
Artifactory reference|cmVmd{A59}
Atlassian|ATATT3xFfGF0{W180}={H8}
Bitbucket app password|ATBB{A32}
Bitbucket server|BBDC-{B44}
AWS access key|AKIA{U16}
AWS temporary key|ASIA{U16}
AWS Bedrock|ABSK{B110}
AWS Bedrock short-lived|bedrock-api-key-{B120}
Axiom|xaat-{uuid}
Azure AD secret|{A3}8Q~{A34}
Azure storage|{B86}==
Azure DevOps|{A76}AZDO{A4}
Buildkite|bkua_{H40}
CircleCI|CCIPAT_{A22}_{H40}
ClickHouse|4b1d{A38}
Clojars|CLOJARS_{L60}
Cloudflare token|cfut_{A40}{H8}
Cloudflare origin|v1.0-{H24}-{H146}
ClickUp|pk_{D8}_{U32}
Confluent|cflt{B60}
Contentful|CFPAT-{W43}
crates.io|cio{A32}
Databricks|dapi{H32}
Deno Deploy|ddp_{A36}
DigitalOcean|dop_v1_{H64}
DigitalOcean refresh|dor_v1_{H64}
Discord bot|M{A23}.{A6}.{A38}
Docker|dckr_pat_{W27}
Doppler|dp.pt.{A43}
Doppler service|dp.st.prd.{A43}
Dropbox|sl.{W135}
Duffel|duffel_live_{W43}
Dynatrace|dt0c01.{U24}.{U64}
EasyPost|EZAK{A54}
Elastic Cloud|essu_{B60}
Facebook|EAAC{A120}
Facebook app|{D15}|{W27}
Fauna|fnA{W37}
Figma|figd_{W40}
Firecrawl|fc-{H32}
Flutterwave|FLWSECK_TEST-{H32}-X
Fly.io|fm2_{B120}
Frame.io|fio-u-{W64}
GitHub|ghp_{A36}
GitHub OAuth|gho_{A36}
GitHub app|ghs_{A36}
GitHub fine-grained|github_pat_{A22}_{A59}
GitLab personal|glpat-{W20}
GitLab pipeline trigger|glptt-{H40}
GitLab job|glcbt-64_{W20}
GitLab deploy|gldt-{W20}
GitLab runner|glrt-{W20}
GitLab feed|glft-{W20}
GitLab OAuth|gloas-{H64}
GitLab SCIM|glsoat-{W20}
GitLab agent|glagent-{W50}
Google API|AIza{W35}
Google OAuth client|GOCSPX-{W28}
Google access|ya29.{W120}
Google refresh|1//0{W60}
Grafana service account|glsa_{A32}_{H8}
Grafana cloud|glc_{B80}
Groq|gsk_{A52}
Harness|pat.{W22}.{A24}.{A20}
HashiCorp Terraform|{A14}.atlasv1.{W67}
HashiCorp Vault|hvs.{W95}
HashiCorp Vault batch|hvb.{W140}
Heroku|HRKU-AA{W58}
Honeycomb|hcaik_{L58}
HubSpot|pat-na1-{uuid}
Hugging Face|hf_{Z34}
Infracost|ico-{A32}
Intercom|dG9rO{B55}
JSON web token|eyJ{A33}.eyJ{A60}.{W43}
LangSmith|lsv2_pt_{H32}_{H10}
LaunchDarkly|sdk-{uuid}
Linear|lin_api_{A40}
Lob|live_{H35}
Mailchimp|{H32}-us12
MailerSend|mlsn.{H64}
Mailgun|key-{H32}
Mapbox|sk.eyJ{A70}.{W22}
MaxMind|{A6}_{A29}_mmk
MongoDB Atlas|mdb_sa_sk_{W40}
Neon|napi_{L64}
Netlify|nfp_{A36}
New Relic user|NRAK-{U27}
New Relic license|{H36}NRAL
Notion|ntn_{D11}{A35}
npm|npm_{A36}
NuGet|oy2{L43}
NVIDIA|nvapi-{W64}
Octopus Deploy|API-{U26}
Okta|00{W40}
OpenAI project|sk-proj-{W74}T3BlbkFJ{W74}
OpenAI|sk-{A20}T3BlbkFJ{A20}
OpenRouter|sk-or-v1-{H64}
OpenShift|sha256~{W43}
Perplexity|pplx-{A48}
Pinecone|pcsk_{A5}_{A60}
Plaid|access-production-{uuid}
PlanetScale|pscale_tkn_{W43}
PostHog|phx_{A43}
Postman|PMAK-{H24}-{H34}
Prefect|pnu_{A36}
Pulumi|pul-{H40}
PyPI|pypi-AgEIcHlwaS5vcmc{W120}
RapidAPI|{H10}msh{H15}p1{H6}jsn{H12}
Razorpay|rzp_live_{A14}
ReadMe|rdme_{L70}
Render|rnd_{A32}
Replicate|r8_{A37}
Resend|re_{A8}_{A24}
RubyGems|rubygems_{H48}
Salesforce|00D{A15}!{A96}
Scaleway|SCW{U17}
Scalingo|tk-us-{W48}
SendGrid|SG.{W22}.{W43}
Brevo|xkeysib-{H64}-{A16}
Sentry organisation|sntrys_eyJ{B120}_{B43}
Sentry user|sntryu_{H64}
Shippo|shippo_live_{H40}
Shopify|shpat_{H32}
Slack bot|xoxb-{D12}-{D13}-{A24}
Slack app|xapp-1-{U11}-{D13}-{H64}
Slack webhook|hooks.slack.com/services/T{U10}/B{U10}/{A24}
SonarQube|squ_{H40}
Sourcegraph|sgp_{H16}_{H40}
Square|sq0atp-{W22}
Square access|EAAA{W60}
Stripe|sk_live_{A99}
Stripe restricted|rk_live_{A24}
Stripe webhook|whsec_{A32}
Supabase|sbp_{H40}
Tailscale|tskey-auth-k{A11}CNTRL-{A32}
Tavily|tvly-dev-{A32}
Telegram|{D10}:AA{W33}
Twilio|SK{H32}
Twitter|AAAAAAAAAAAAAAAAAAAAAA{A90}
Typeform|tfp_{W44}
Vercel|vcp_{A56}
WooCommerce|ck_{H40}
xAI|xai-{A80}
Yandex|AQVN{W36}
Zoho|1000.{H32}.{H32}
Unknown vendor|acme_live_{A32}
Unknown vendor with a dash|acmekey-{A40}
`;

const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";
const CLASSES: Readonly<Record<string, string>> = {
  A: UPPER + LOWER + DIGITS,
  H: "0123456789abcdef",
  U: `${UPPER}234567`,
  L: LOWER + DIGITS,
  D: DIGITS,
  W: `${UPPER}${LOWER}${DIGITS}${UPPER}${LOWER}${DIGITS}_-`,
  B: `${UPPER}${LOWER}${DIGITS}${UPPER}${LOWER}${DIGITS}+/`,
  Z: UPPER + LOWER,
};

export interface VendorKey {
  readonly vendor: string;
  readonly key: string;
}

/** One key of every vendor; another `random` gives other ones. It returns numbers from 0 to 1. */
export function makeVendorKeys(random: () => number): VendorKey[] {
  const from = (letters: string, count: number): string => {
    const text = Array.from(
      { length: count },
      () => letters[Math.floor(random() * letters.length)] ?? "x",
    ).join("");
    // A key does not end with a sign, which a sentence's own would hide.
    return text.replace(/[_+/-]$/, "7").replace(/^[_+/-]/, "k");
  };
  const hex = (count: number): string => from(CLASSES["H"] ?? "", count);
  return FORMS.trim()
    .split("\n")
    .map((line) => {
      const [vendor = "", ...form] = line.split("|");
      const key = form
        .join("|")
        .replaceAll("{uuid}", () => [8, 4, 4, 4, 12].map(hex).join("-"))
        .replaceAll(/\{([A-Z])(\d+)\}/g, (_all, name: string, count: string) =>
          from(CLASSES[name] ?? "", Number(count)),
        );
      return { vendor, key };
    });
}
