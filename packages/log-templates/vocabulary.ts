const split = (words: string): string[] => words.trim().split(/\s+/);

/**
 * Words that name a fault. Of three words in a row they are hidden last. No word can tell a reader what to do: see
 * `NEVER`.
 */
const FAULTS = split(`
  aborted absent ambiguous bad broken cancelled canceled cannot closed conflict corrupt corrupted crashed
  cyclic dead deadlock deadlocked denied deprecated died disconnected down dropped duplicate empty error errors evicted
  exceeded exception exhausted exited expired failed fails failing failure failures fatal forbidden full hung
  illegal incompatible inaccessible incomplete incorrect insufficient interrupted invalid killed late leaked
  lost malformed mismatch missing no not overflow overloaded panic partial refused rejected
  segfault severe slow stale starvation stuck terminated throttled throttling timeout timeouts timed
  unauthenticated unauthorized unavailable unbounded uncaught undefined underflow unexpected unhandled unhealthy
  unimplemented unknown unprocessable unreachable unrecognized unresolved unsupported untrusted wrong
  abnormal bogus congested contention corruption depleted disallowed exhaustion faults fragmentation halted impossible
  inconsistent lockout loss misrouted nonexistent obsolete oversized overrun premature pressure quarantined race
  saturated skew stall thrashing unacknowledged undeliverable unparseable unreadable unresponsive unstable unwritable
  violated violation zombie
`);

/** Things that programs mention: parts of systems, protocols, resources, measures. */
const THINGS = split(`
  account acknowledgement address alarm allocation api application argument arguments arn array attempt attempts
  attribute auth authentication authorization backend backlog backoff backpressure balance bandwidth batch
  block body bootstrap broker bucket buffer bulk byte bytes cache callback capacity cart catalog certificate pkix x509 issuer
  chain channel checkout checksum chunk circuit class client clients clock cluster code codec column
  commit component compression concurrency condition config configuration connection connections consumer
  container content context controller cookie copy core count counter cpu credential credentials cursor daemon
  data database deadline decoder default delay delivery dependency descriptor descriptors device digest
  directory disk dispatcher dns document domain driver duration encoder encryption endpoint engine entity
  entries entry environment event events exchange executor export factory fault field file files filesystem
  filter flag float folder format frame function gateway gc group handle handler handshake hash
  header headers health heap heartbeat history hook host hostname http https id image import index inode input instance
  instances integer interface interval invoice issuer item items iterator job jobs json keepalive
  key keys lag lambda latency layer leader lease level library license limit limits line lines link list listener
  loader lock locks log logger login loop mail map mapping master member memory message messages
  metadata method metric metrics middleware migration module monitor mount name namespace network node nodes
  notification number object offset operation options order orders origin output owner packet
  page pages parameter parameters parent parser partition password path payload payment payments peer
  percent permission permissions persistence pid ping pipe pipeline plugin pointer policy poller pool pools
  port ports primary priority privilege process processes processor producer product profile project property
  protocol provider proxy publisher query queries queue queues quota range rate ratio read reader readiness
  record records redirect redis reference region registry relation replica replicas replication
  repository request requests resolver resource resources response responses result results retries
  role route router routine row rows runtime sample scheduler schema scope search secret
  secrets security segment sender sequence server servers service services session sessions setting
  settings shard shards shutdown signal signature size slot slots snapshot socket sockets source space spec
  sql ssl stack stage startup state statement status storage store stream streams string subnet
  subscriber subscription success syntax table target task tasks template tenant thread threads threshold throughput
  tick ticket time timer timestamp tls token tokens topic trace traffic transaction transactions transfer
  transport trigger tunnel type unit upload uptime upstream uri url usage value values variable
  vector version view volume warning watch watcher watermark web webhook websocket window worker workers
  write writer xml yaml zone
  kafka postgres postgresql mysql mongodb mongo dynamodb elasticsearch opensearch rabbitmq nginx
  memcached cassandra hikari jdbc hibernate tomcat netty grpc tcp udp smtp ldap oauth jwt sqs sns ecs ecr iam
  kms sts cloudwatch java python golang node ruby dotnet x509 oom
  milliseconds seconds minutes hours ms sec kb mb gb kib mib gib
  adapter affinity alias annotation appender archive artifact asset audit balancer bean billing binary binding blob
  booking browser bus campaign card category cell cgroup charge chart child children citation collation collection
  collector company compiler consensus constraint constructor contract conversion coordinator country coupon currency
  customer customers dashboard dataset date dates deletion destination detail dialect dimension directive discount
  discovery dispatch download draft edge editor element elements email employee encoding epoch evaluation eviction
  evictions expiration expiry expression extension family feature feed fetch fetcher fiber fingerprint flow flush
  footer forwarder fragment frequency gauge generator grant graph grid guard guest histogram hop hub identity
  identifier inbox indexer indexes ingest ingestion ingress egress inventory invocation isolation journal kernel label
  language launcher leaf ledger length lifecycle lifetime load location lookup machine manager manifest marker mask
  match media merchant mesh minute mode mutex native nonce notifications numbers observer offer offsets option
  orchestrator organization outbox overhead package packets parallel param params participant patch pattern payout
  percentile period phase photo picture plan platform player point points portal position post precision prefix
  preview price prices pricing printer promise promotion properties purchase purge push rack receipt receiver refund
  registration renderer rendering report reports reservation reservations revision ring room rotation rule rules
  sandbox scanner script scroll seat seats sector selector semaphore sensor sentinel serializer series setup shape
  shipment shipping sidecar site sku slice sort span spool stock strategy stub subject submission sum supplier supply
  swap switch symbol sync tag tags team telemetry tenants term test text thumbnail thumbnails tile timeline title
  tracer tracing tracker translation tree tuple tx txn units updater validator variant vault vendor video voucher
  wallet warehouse weight widget width wire wrapper zip
`);

/** Events and states. Past forms and nouns, never a bare command. */
const STATES = split(`
  accepted access answered replied acquired acquiring acquisition active added allocated already alive assigned async
  attached attempted available awaiting became began blocked booted bound busy cached called cannot
  changed checked checking cleaned collected committed completed configured connect connected
  connecting consumed could created critical current custom decoded degraded delayed deleted delivered
  detected disabled discovered does done draining during elapsed elected enabled encoded ended enough
  entered established evaluated exceeds exclusive executed existing exist exists exit explicit external failover
  fetched finished flushed forced found garbage generated global got graceful gracefully
  granted handled high idle inactive inbound initial initialized initializing inserted
  installed internal invoked joined last leaving left listening live loaded loading local locked longer low
  main many max maximum min minimum mounted negative new nil none null obtained old only opened
  outbound overall own parse parsed parsing passed paused pending permanent permitted persisted
  placed polled preparing present previous private processed processing produced provisioned public published
  pulled ready reached readonly rebalanced received receiving reconnecting reconnected refreshed registered
  released remaining remote removed renewed replaced replicated requested required reserved resident resolution resolved
  responded responding retried retrying returned returning running saved scheduled secondary selected sent serialized served
  serving shared signed skipped sleeping spawned stalled started starting stopped stopping
  subscribed succeeded successful successfully suspended synced synchronized temporary temporarily too
  total transient tried trying unique unset unused updated uploaded used using valid validated
  validation verified verification waited waiting warn written zero
  abandoned accessed accumulated activated adjusted aggregated aligned announced appended archived assembled
  associated authenticated authorized batched borrowed bounced buffered built bundled calculated captured charged
  chosen claimed cleared cloned compacted compared compiled compressed computed concurrent confirmed contains
  continuing converted copied corrected counted crawled declared declined decremented decrypted deferred defined
  demoted deserialized destroyed detached determined diverged downloaded drained dumped emitted encountered encrypted
  enforced enqueued escaped estimated evaluating exceeding exported extended extracted fallback falling fetching
  filled filtered flagged formatted forwarded freed frozen gathered grew grown growing held holding identified idling
  imported incoming incremented indexed ingested inspected invalidated invited isolated issued kept lagging launched
  leased lingering linked listed logged made managed mapped marked matched measured merged met migrated missed
  modified monitored moved moving nested notified observed occupied occurred offline online ongoing optimized
  outstanding outgoing overdue overwritten owned packed partitioned pinned planned populated posted preempted prepared
  prevented printed promoted propagated purged pushed put queued quiet raised ran reassigned reclaimed recorded
  recovered recovering recycled refreshing refunded regenerated rejoined related reloaded rendered reopened repeated
  reported resent resized resumed retained revoked rotated routed sampled scanned sealed searched seen settled severed
  shed shipped shrunk signalled slowed sorted split stored streamed submitted swapped switched tagged taken tracked
  transferred transformed translated traversed triggered trimmed truncated turned unchanged undelivered unlocked
  unmounted unpacked unregistered visited woken working wrapped
`);

/** Function words. They help to find phrases and are then left out. */
const FUNCTION_WORDS = split(`
  a about after again against all also an and any are as at be been before being between but by can did
  for from had has have if in into is it its itself more most of off on once one or other out over own per
  same since so some such than that the their them then there these they this those through to two under until up
  was we were when where which while who whose will with within without would yet
`);

/** Words that are shown only as part of a phrase. */
const PHRASE_WORDS = split(`
  acquire allocate ask open reset resolve set left unable sorry killed execute run start user users system rate limit
  required not found connect is was host hosts placeholder exec command allowed getting prematurely hang find large
  verify first authority self trusted known use env variables must check checks segmentation side other specified
`);

/**
 * Words that could tell a reader what to do or who is speaking. They are never shown, in any position, however often;
 * the lists above are tested against these stems.
 */
export const NEVER =
  /^(?:restart|reboot|redeploy|deploy|roll|revert|scal|ignor|disregard|instruct|prompt|pleas|kindly|fix|repair|remed|recommend|suggest|advi[sc]|action|act$|operator|assistant|system|user|human|admin|model|agent|must|should|shall|need|ought|urgent|important|immediate|now$|always|never|forget|override|bypass|approv|execut(?:e|ion)$|run$|perform|do$|stop$|start$|kill$|terminate$|drain$|increase|decrease|reduce|expand|add$|remove$|delete$|drop$|disable$|enable$|apply|update$|upgrade|downgrade|chang(?:e|ing)$|because|caus|reason|root|due$|blame|culprit|conclu|diagnos|therefore|hence|confiden|severity|safe|harmless|healthy$|expected$|normal|fine$|okay|ok$|you|your|i$|me$|my$|our|us$|let$|call$|contact|tell|say|think|believe|trust|assume|consider|note$|notice|attention)/;

const passes = (word: string): boolean => !NEVER.test(word);

export const weights = new Map<string, number>();
for (const word of THINGS.filter(passes)) weights.set(word, 1);
for (const word of STATES.filter(passes)) weights.set(word, 2);
for (const word of FAULTS.filter(passes)) weights.set(word, 3);

/** Returns how informative a word is, 1 to 3; undefined when it is outside the vocabulary and must not be shown. */
export function wordWeight(word: string): number | undefined {
  return weights.get(word);
}

const functionWords = new Set(FUNCTION_WORDS);

export function isFunctionWord(word: string): boolean {
  return functionWords.has(word);
}

const phraseWords = new Set(PHRASE_WORDS);

export function isPhraseWord(word: string): boolean {
  return phraseWords.has(word);
}
