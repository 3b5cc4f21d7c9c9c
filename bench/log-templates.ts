/**
 * Message templates of well-known software, from its documentation and source. The first list (`tuning`) was used
 * while the digest was made. Of the second (`seen`) only the accuracy was used, and a rule was corrected because of
 * it. The third (`heldOut`) was written after the last change to grouping and measured once.
 */
export interface FormatTemplates {
  readonly format: "spring" | "python" | "pino" | "logfmt" | "nginx" | "postgres";
  /** Where the format and its messages are documented. */
  readonly source: string;
  readonly tuning: readonly string[];
  readonly seen: readonly string[];
  readonly heldOut: readonly string[];
}

export const TEMPLATES: readonly FormatTemplates[] = [
  {
    format: "spring",
    source: "https://docs.spring.io/spring-boot/reference/features/logging.html",
    tuning: [
      "INFO Tomcat started on port {port} (http) with context path '{path}'",
      "INFO Completed initialization in {num} ms",
      "WARN HikariPool-{digit} - Connection is not available, request timed out after {num}ms (total={digit}, active={digit}, idle={digit}, waiting={num})",
      "ERROR Failed to charge order {num} for customer {user}: gateway {host} answered {status}",
      "INFO Kafka consumer {user} joined group {word} with generation {num}",
      "WARN Thread starvation or clock leap detected (housekeeper delta={num}s{num}ms).",
    ],
    seen: [
      "INFO Started {class} in {float} seconds (process running for {float})",
      "WARN Resolved [org.springframework.web.HttpRequestMethodNotSupportedException: Request method '{method}' is not supported]",
      "ERROR Servlet.service() for servlet [dispatcherServlet] in context with path [{path}] threw exception",
      "INFO Bootstrapping Spring Data {word} repositories in DEFAULT mode.",
      "INFO Finished Spring Data repository scanning in {num} ms. Found {num} {word} repository interfaces.",
      "WARN [Consumer clientId={user}, groupId={word}] Connection to node {digit} ({host}/{ip}:{port}) could not be established. Broker may not be available.",
    ],
    heldOut: [
      "INFO {user} signed in from {ip} using {word}",
      "ERROR Unable to acquire JDBC Connection for tenant {user}",
      "WARN Discarding read on {path} because session {uuid} expired {num} s ago",
      "INFO Registered instance {word}/{user} with eureka status UP",
      'ERROR I/O error on GET request for "{path}": {host}: Name or service not known',
      "INFO Scheduled job {class} took {num} ms and processed [{list}]",
    ],
  },
  {
    format: "python",
    source: "https://docs.python.org/3/library/logging.html and docs.celeryq.dev, docs.gunicorn.org",
    tuning: [
      "INFO Task {module}.{word}[{uuid}] received",
      "INFO Task {module}.{word}[{uuid}] succeeded in {float}s: {num}",
      "WARNING Retrying (Retry(total={digit}, connect=None, read=None)) after connection broken by 'NewConnectionError': {path}",
      "ERROR Task {module}.{word}[{uuid}] raised unexpected: TimeoutError({num})",
      "INFO Booting worker with pid: {num}",
      "CRITICAL WORKER TIMEOUT (pid:{num})",
    ],
    seen: [
      "INFO Worker exiting (pid: {num})",
      "INFO Listening at: http://{ip}:{port} ({num})",
      "ERROR consumer: Cannot connect to amqp://{user}:**@{host}:{port}//: [Errno 111] Connection refused.",
      "INFO Connected to redis://{host}:{port}/{digit}",
      "WARNING Substantial drift from {user}@{host} may mean clocks are out of sync. Current drift is {num} seconds.",
      "ERROR Invalid HTTP_HOST header: '{host}'. You may need to add '{host}' to ALLOWED_HOSTS.",
    ],
    heldOut: [
      "INFO {user} uploaded {num} files to bucket {word}",
      "ERROR Exception on {path} [GET]",
      "WARNING Not Found: {path}",
      "INFO Waiting for {digit} background tasks to finish. (CTRL+C to force quit)",
      "ERROR Cannot decode message from partition {digit} of topic {word}: {num} bytes left",
      "INFO Applying {word}.{num}_auto... OK",
    ],
  },
  {
    format: "pino",
    source: "https://getpino.io and https://fastify.dev/docs/latest/Reference/Logging",
    tuning: [
      "INFO incoming request",
      "INFO request completed in {float} ms",
      "ERROR connect ECONNREFUSED {ip}:{port}",
      "WARN cache miss for key {word}:{num}, falling back to {word}",
      "INFO user {user} logged in from {ip}",
      "ERROR failed to publish event {uuid} to topic {word}: leader not available",
    ],
    seen: [
      "INFO Server listening at http://{ip}:{port}",
      "ERROR getaddrinfo ENOTFOUND {host}",
      "WARN slow query took {num}ms on table {word}",
      "INFO job {uuid} finished in queue {word} after {digit} attempts",
      "ERROR Redis connection to {host}:{port} failed - read ECONNRESET",
      "INFO websocket client {uuid} disconnected with code {num}",
    ],
    heldOut: [
      "INFO {user} added {num} items to cart {uuid}",
      "ERROR Timeout awaiting 'request' for {num}ms",
      "WARN Possible EventEmitter memory leak detected. {num} {word} listeners added to [Pool].",
      "INFO migrating database {word} from version {num} to version {num}",
      "ERROR Transaction {uuid} of account {user} rejected by {host}",
      "INFO flushed {num} metrics in {float} ms for shards [{list}]",
    ],
  },
  {
    format: "logfmt",
    source: "https://pkg.go.dev/github.com/sirupsen/logrus and https://prometheus.io/docs",
    tuning: [
      "info Head GC completed duration={float}s",
      "warn Error on ingesting out-of-order samples num_dropped={num}",
      "error dial tcp {ip}:{port}: i/o timeout",
      "info Starting {word} worker {num} of {num}",
      "info Reconciled {word}/{word} in {float}ms",
      "error failed to acquire lease {word}/{user}: context deadline exceeded",
    ],
    seen: [
      "info write block mint={num} maxt={num} ulid={uuid}",
      "warn Scrape failed for target http://{host}:{port}{path} after {float}s",
      "error lookup {host} on {ip}:53: no such host",
      "info Compaction of {num} blocks finished in {float}s",
      "error unable to renew certificate for {host}: acme: error {num}",
      "info Deleted {num} expired sessions for tenant {user}",
    ],
    heldOut: [
      "info {word} synced in {float}s",
      "warn deadline for {user} passed by {num} ms",
      "error failed to resolve {word} endpoint: status code {five}",
      "info leader {user} stepped down after term {num}",
      "error snapshot of volume {word} aborted: no space left on device",
      "info peers [{list}] are reachable",
    ],
  },
  {
    format: "nginx",
    source: "https://nginx.org/en/docs/ngx_core_module.html#error_log and src/http/ngx_http_upstream.c",
    tuning: [
      "error connect() failed (111: Connection refused) while connecting to upstream, client: {ip}, server: {host}",
      "error upstream timed out (110: Connection timed out) while reading response header from upstream, client: {ip}",
      "warn an upstream response is buffered to a temporary file {path} while reading upstream, client: {ip}",
      'error open() "{path}" failed (2: No such file or directory), client: {ip}',
      "notice signal {num} (SIGCHLD) received from {num}",
      "alert {num} open socket #{num} left in connection {num}",
    ],
    seen: [
      "error no live upstreams while connecting to upstream, client: {ip}, server: {host}",
      "error client intended to send too large body: {num} bytes, client: {ip}",
      "crit SSL_do_handshake() failed (SSL: error:{hex}:SSL routines::bad key share) while SSL handshaking, client: {ip}",
      "info client {ip} closed keepalive connection",
      "warn {num} worker_connections exceed open file resource limit: {num}",
      "notice start worker process {num}",
    ],
    heldOut: [
      "error upstream prematurely closed connection while reading response header from upstream, client: {ip}, server: {host}",
      "error upstream sent too big header while reading response header from upstream, client: {ip}",
      'error directory index of "{path}" is forbidden, client: {ip}',
      'error limiting requests, excess: {float} by zone "{word}", client: {ip}',
      "notice worker process {num} exited with code {digit}",
      "info epoll_wait() reported that client prematurely closed connection, so upstream connection is closed too, client: {ip}",
    ],
  },
  {
    format: "postgres",
    source: "https://www.postgresql.org/docs/current/runtime-config-logging.html and src/backend",
    tuning: [
      "LOG checkpoint complete: wrote {num} buffers ({float}%); write={float} s, sync={float} s, total={float} s",
      "FATAL remaining connection slots are reserved for roles with the SUPERUSER attribute",
      'ERROR duplicate key value violates unique constraint "{word}_pkey"',
      "LOG connection authorized: user={user} database={word}",
      'ERROR relation "{word}" does not exist at character {num}',
      'FATAL password authentication failed for user "{user}"',
    ],
    seen: [
      'LOG automatic vacuum of table "{word}.public.{word}": index scans: {digit}',
      "ERROR deadlock detected",
      "FATAL terminating connection due to administrator command",
      "LOG process {num} still waiting for ShareLock on transaction {num} after {float} ms",
      "ERROR canceling statement due to statement timeout",
      "LOG duration: {float} ms  statement: SELECT {word} FROM {word} WHERE id = {num}",
    ],
    heldOut: [
      'ERROR null value in column "{word}" violates not-null constraint',
      'FATAL database "{word}" does not exist',
      "LOG checkpoint starting: time",
      "ERROR permission denied for table {word}",
      "LOG disconnection: session time: 0:00:{num} user={user} database={word} host={ip} port={port}",
      "WARNING out of shared memory in backend {num}",
    ],
  },
];
