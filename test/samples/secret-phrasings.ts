/** How a secret stands in a text: `%` is the secret, `§` a base 64 of `user:` and the secret. */
const PHRASINGS = String.raw`
password is %
the password for admin is %
password was changed to %
the password of user bob is: %
with password %
using password '%'
password (%)
your new password: %
Passwort: %
contraseña = %
secret is "%"
the token used was %
token % was rejected
token -> %
token → %
invalid API key % for tenant 4
api key is %
API key: %
my key is %
credentials admin:%
credentials: admin / %
login with admin:%
logged in as admin / %
username admin and password %
user=admin password=%
pass=%
pwd: %
mysql -u root -p% shop
mysqldump -h db -uroot -p'%' shop
mysql --password=% -e 'select 1'
mysql --password % shop
curl -u admin:% https://nexus.local
curl -s --user 'api:%' https://api.example.com
curl -H "Authorization: Api-Token %" https://x
curl -H 'X-Api-Key: %' https://x
curl -H "PRIVATE-TOKEN: %" https://x
wget --user=a --password=% https://x
http -a admin:% GET https://x
sshpass -p % ssh root@host
sshpass -p '%' scp a b
redis-cli -h cache -a % ping
docker login -u me -p % registry.local
helm registry login -u me -p % reg
mongosh --username a --password % db
mongodump -u a -p % --db shop
sqlcmd -S db -U sa -P %
ldapsearch -D cn=admin -w % -b dc=x
openssl enc -pass pass:% -in a
keytool -list -storepass %
smbclient //h/s -U bob%%
sqlplus app/%@//db:1521/orcl
7z x -p% a.7z
unzip -P % a.zip
rabbitmqctl change_password app %
net user bob % /add
aws configure set aws_secret_access_key %
gpg --batch --passphrase % -d a.gpg
PGPASSWORD=% psql -h db
MYSQL_PWD=% mysql
export DB_PASS=%
set DB_PASS=%
ENV API_TOKEN %
["--token","%"]
["--password", "%", "--user", "a"]
"args":["mysql","-p%"]
["curl","-u","admin:%"]
'--api-key', '%'
("password", "%")
System.setProperty("DB_PASSWORD", "%")
{"name":"DB_PASSWORD","value":"%"}
{"value":"%","name":"DB_PASSWORD"}
- name: API_TOKEN, value: %
{"Key":"StripeKey","Value":"%"}
<add key="Password" value="%" />
<password>%</password>
<apiToken>
  %
</apiToken>
<entry key="secret">%</entry>
{"password":"%"}
{\"password\":\"%\"}
{"db":{"credentials":{"password":"%"}}}
:password=>"%"
{:token "%"}
password: !!str %
Config{user=app, password=%, host=db}
{User:app Password:% Host:db}
Settings(password='%', host='db')
Settings(password=SecretStr('%'))
password=b'%'
token: str = "%"
token ?= "%"
token ::= "%"
var token string = "%"
token ||= '%'
Authorization: Api-Token %
Authorization: SSWS %
Authorization: GenieKey %
Authorization: Bearer %
Authorization: Custom Scheme %
Authorization: %
Proxy-Authorization: Basic §
authorization: Basic §
"Authorization": "Token %"
("authorization", "Bearer %")
Authorization: Digest username="bob", realm="x", response="%"
Authorization: AWS4-HMAC-SHA256 Credential=x/20260101/eu-west-1/s3/aws4_request, SignedHeaders=host, Signature=%
x-vault-token: %
DD-API-KEY: %
Cookie: session=%
Set-Cookie: sid=%; HttpOnly
postgres://app:%@db:5432/shop
mongodb+srv://app:%@cluster0.example.net/shop
redis://:%@cache:6379/0
amqp://guest:%@mq/vhost
https://%@github.com/x/y.git
https://oauth2:%@gitlab.local/x.git
root:%@tcp(127.0.0.1:3306)/shop?parseTime=true
app:%@db.internal:5432
jdbc:oracle:thin:app/%@//db:1521/x
jdbc:sqlserver://db;user=sa;password=%;encrypt=true
Server=db;User Id=sa;Password=%;
Endpoint=sb://x.servicebus.windows.net/;SharedAccessKey=%
DefaultEndpointsProtocol=https;AccountName=a;AccountKey=%==
host=db user=app password=% dbname=x
db.internal:5432:shop:app:%
machine api.example.com login bob password %
default login bob password %
{"auths":{"https://index.docker.io/v1/":{"auth":"§"}}}
//registry.npmjs.org/:_authToken=%
//registry.npmjs.org/:_auth=§
CREATE USER app IDENTIFIED BY '%'
ALTER ROLE app WITH PASSWORD '%'
SET PASSWORD FOR 'a'@'h' = PASSWORD('%')
AUTH %
requirepass %
PASS %
https://x/cb?access_token=%&state=1
https://x/cb?code=%&state=1
GET /login?user=a&password=%
secret_key_base: %
SECRET_KEY = '%'
jwt.secret=%
spring.datasource.password=%
encryptionKey: %
"privateKey": "%"
token=Bearer %
otp=%
`;

export interface Phrasing {
  readonly phrasing: string;
  /** The text with a secret in its place. */
  readonly write: (secret: string) => string;
  /** What of the secret must not be left. */
  readonly hidden: (secret: string) => string;
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
/** Phrasings of more than one line. */
const joined = PHRASINGS.trim().replaceAll(/\n(?= {2}|<\/)/g, "\u0000");

/** The ways in which logs, commands and settings write a secret. */
export const phrasings: readonly Phrasing[] = joined.split("\n").map((line) => {
  const form = line.replaceAll("\u0000", "\n");
  const last = form.lastIndexOf("%");
  return {
    phrasing: form,
    write: (secret) =>
      form.includes("§")
        ? form.replace("§", base64(`user:${secret}`))
        : form.slice(0, last) + secret + form.slice(last + 1),
    hidden: (secret) => (form.includes("§") ? base64(`user:${secret}`) : secret),
  };
});

/** Names of settings whose value is a secret, as teams write them. */
export const settingNames: readonly string[] = `
STRIPE_KEY SENDGRID_KEY MAILGUN_KEY TWILIO_KEY DATADOG_KEY DD_API_KEY DD_APP_KEY ALGOLIA_KEY ALGOLIA_ADMIN_KEY
SEGMENT_WRITE_KEY MIXPANEL_KEY AMPLITUDE_KEY OPENAI_KEY ANTHROPIC_KEY MAPS_KEY GOOGLE_KEY FIREBASE_KEY S3_SECRET
AWS_SECRET STORAGE_KEY AZURE_STORAGE_KEY COSMOS_KEY SERVICEBUS_KEY EVENTHUB_KEY APP_KEY APP_SECRET MASTER_KEY
RAILS_MASTER_KEY SECRET_KEY SECRET_KEY_BASE ENCRYPTION_KEY SIGNING_KEY HMAC_KEY JWT_KEY JWT_SECRET SESSION_KEY
SESSION_SECRET COOKIE_SECRET CSRF_SECRET PRIVATE_KEY SSH_KEY DEPLOY_KEY LICENSE_KEY NPM_TOKEN GH_TOKEN GH_PAT GITHUB_PAT
GITLAB_TOKEN CI_JOB_TOKEN SLACK_TOKEN BOT_TOKEN WEBHOOK_SECRET SENTRY_AUTH DB_PASS DB_PASSWORD PGPASSWORD MYSQL_PWD
REDIS_PASSWORD REDIS_AUTH SMTP_PASS SMTP_PASSWORD LDAP_BIND_PW ADMIN_PASSWORD ROOT_PASSWORD PASSWORD_SALT
KEYSTORE_PASSWORD API_CREDENTIALS SERVICE_CREDS VAULT_TOKEN CONSUL_HTTP_TOKEN PAGERDUTY_KEY OPSGENIE_KEY NEWRELIC_KEY
HONEYCOMB_KEY LAUNCHDARKLY_KEY AUTH_KEY TOKEN_V2 API_KEY_PROD BEARER_TOKEN
`
  .trim()
  .split(/\s+/);
