/**
 * Public words about ECS: those of OpsAgent's own sentences, of AWS's messages and of plain English. They identify no
 * company, so they stay in a case file; every other word becomes a pseudonym. Likely names of services (`checkout`,
 * `search`, `gateway`) are left out on purpose.
 */
import { isKnownName } from "../../../packages/log-templates/known-names.ts";

/** In lower case. A hyphenated word is listed as a whole: others of that form are names. */
const WORDS = new Set(
  `
  a aborted about above absence absent ac accepted access access-denied account acl acquire act acted acting
  action action-budget action-proposed actions active activities activity acts ad added adding addition
  address-used addresses adds affected after afterwards again against age agent ago alarm alarm-history
  alarm-ok alarms alert all allocation allocations allow allow-one-hot-task allowed allows alone already
  already-answered although always ambiguous amd64 an and another answer answered answering answers any
  anybody anyway api-key application application-autoscaling applies approval approvals approve approved
  approved-plan approximate approximately are args arguments arn array arrive arrived arrives as ascending ask
  ask-after-deployment asked asking asks asm assignment assume async at ation attach attempt attempted
  attempting attempts authentication authentication-failed authenticator authorization authorize authorized
  auto auto-scaling autoscaling autoscaling-settled availability available average aws aws-denied aws-failed
  aws-throttled
  aws-unreachable aws-unsupported awsfirelens awslogs awslogs-group awsvpc b back backlog backoff bad
  bad-deploy balancer balancers balancing bandwidth baseline basic batch be bearer because become becomes
  been before began begin begun being being-replaced belong belongs below between blast blast-radius block
  body boolean both bound bounded bounds breaching breaker bridge broken broken-pipe brought budget bug bugs
  build busy but by bytes c ca cached caches call called caller callers calls came can can-be-judged
  canceled cancelled cannot cannot-connect capacity capacity-provider capacity-reclaimed
  capacity-unavailable capped case cause cause-action-matrix caused causes ceiling cert certificate
  certificate-expired certificate-untrusted cgroup change change-log changed changes characters check
  checking checks chosen circuit circuit-breaker cited cites claimed class clearly cli climb climbing climbs
  closed closed-early closest cloudtrail cloudwatch cluster code codes cold collection comes command comment
  compare compared compares comparison complete completed composite concurrency concurrent condition
  confidence confidence-not-a-number confidence-threshold config config-invalid configuration configured
  confirm confirmed connect connection connection-leak connection-limit connection-lost connection-refused
  connection-reset connection-timeout connections connects consecutive consider consistent consistently
  consumed contain container container-instance container-runtime-error content contention context continue
  contradict contradicted contradicts control-plane controller controls cool cooldown core correlated
  correlates correlation cost could count counts cpu cpu-saturation crash crashed crashes crashing crashloop
  create created credential credentials crit critical crossed cure cured cures d daemon daily dashboard data
  datapoint datapoints date datetime deadline deadlock-detected deaths debug decide decides decline
  decreased definition degradation degraded delete deleted deletion denied dependencies dependency
  dependency-down dependency-throttled depends deploy deploy-in-progress deployed deployment
  deployment-controller deployment-history deployments deregister deregistered deregistration descending
  describe description descriptions descriptor descriptors desired desired-count-zero despite detach detect
  detector device diagnosis dial did diff difference different digest dimensions dip dips disable disabled
  disk disk-full dns do docker documentation does doing dollars domain done double doubled down drained
  draining drift driver dropped drops drove due dump dumped duration dynamodb e each earlier early earned ec
  ec2 econnrefused econnreset ecr ecs ecs-svc ecs-tasks effect egress ehostunreach eight elastic elasticache
  elasticloadbalancing elb elb-5xx elevated else elsewhere emerg emfile empty enabled encountered encryption
  end ended endless endpoint endpoints ends enetunreach enfile enhanced enotfound enough ensure entry
  environment eof ephemeral epipe equal err error errors errors-5xx es escalated essential etimedout
  evaluated evenly event event-unreadable events ever every everything evidence evidence-complete
  evidence-gate evident exactly exc exceeded exception exclusive exec exec-format executable execution
  exemplar exhaust exhausted exhausting exhaustion exist exists exit exited exited-successfully exits
  expected expensive expire expired explain explains exponential expression f fact facts fail failed
  failed-check failed-health-check failover fails failure failures false family far fargate faster fatal
  fault feed fell fetch fetched fetching few field file-limit file-missing filename fills filter final find
  finished finished-deployment fire first fit fits five fix fixed fixes flapping flaps flat floor fluentd
  follow followed following follows for forbidden force forcing format forward found four frame free freeze
  freeze-window freezes from frozen full further g gap gaps garbage gb gc gib give given given-back go goes
  going gone goroutine got grace gradual gradually granted greater grew group groups grow grows growth grpc
  h had half hand handle hang hang-up hanging hangs hardware has hash have head header health health-check
  health-check-misconfigured healthy healthy-floor healthz heap heap-limit heard heartbeat held help helped
  helps here hex high higher history hold holds hooks host host-unreachable hosting hosts hot hour hours how
  hs http hundred hung-task i iam id identifier idle idly ids ies if ignore ignored ii image
  image-pull-failed image-pull-failure important-gaps in inactive incident incidents incomplete inconclusive
  inconsistent incorrect increase increased increases indicate indicates indicating info information
  infrastructure ingress init initial initialised initialization initialization-failed initiated injected
  input inside insights inspect instance instance-id instances instead instructions insufficient interface
  interfere internal interrupted interruption interval intervals introduced introduces invalid investigate
  investigated invoked io ion ip is issue issued it its itself j join joined joined-alarms-ok json json-file
  judged just k keep keeps key kib kill kill-switch killed killed-after-stop-timeout killing kilobyte kind
  kindly kms known l label lack lambda larger last last-steady lasting late lately latency latency-p50
  latency-p99 later latest layer leak leaked leaking leaks least leave left left-alone legitimate length
  less lets level levels license lifecycle likely limit limits line linear linearly lines linux list listed
  listener listeners lists literal live load load-balancer load-balancing loadbalancer loaded local log log-group
  log-pattern logs long longer look looks lookup loop loops lose loss lost low low-rate lower lowered lowers
  lowest ly m machine made maintenance makes manifest manifestunknown many master match matches matching
  math max maximum may mb me mean means meant meanwhile measured median megabytes mem memory memory-exhausted
  memory-leak memory-limit memory-limit-too-low message messages met metric metric-inside-threshold metrics
  mib middle million millisecond milliseconds min minimum minimumhealthypercent mins minute minutes
  misbehaving mismatch miss missing missing-configuration missing-setting mode model model-budget
  model-invalid-answer model-not-configured model-out-of-credit model-rate-limited model-refused
  model-timeout model-unreachable modes modify module-missing moment more most mostly mount mounted moves ms
  msg mt much multiple must n name names namespace nat near nearly need needed needs negotiate neither net
  network network-failure network-unreachable networking never new newest next nginx nil nine no
  no-bad-stops no-capacity no-deployment-running no-fault no-repeat-of-unverified-action no-route
  no-trusted-support no-valid-citation nobody nofile noise non none nonsense nonzero nor normal not
  not-authorized notbreaching note nothing nothing-changed notice now null num number numbers o object
  observability observe observed obtained occurred oci of off offer offset often ok old older-window oldest
  on once one one-further-action only onset oom-kill open opened opening operation operations operators opr
  ops opsagent opt options or ordinary os other other-alarms other-plan others otherwise out out-of-memory
  outage outcome outside over overload overloaded oversized own owns p p50 p90 p95 p99 packages packets
  panic panicked param parameter parameters params part partial partly-done pass passed passwd password past
  past-deadline past-incident patch path pattern patterns pause payload peak pending per per-task percent
  percentage perform performing period periods permission permission-denied permissions persist person pids
  pipe place placed placement-failure plain plan plateau please plugin points policy policy-invalid pool
  pool-exhausted pool-timeout port ports positive possible possibly post precede preceded predecessor
  prepare present prevent previous primary prior private probable probably probe process progress promote
  prompt proposed proposes protected protected-service proven provider providers provisioned public pull
  pulled pulling push put q quarter question questions queueing quota quota-exceeded quotas quotes r radius
  raise raised ramp ran rare rate rate-exceeded rate-limit rds reach reached reaches read readable reading
  reason reasons reboot rebooted received recommended reconcile reconnect record recorded records recover
  recovered recovering recovery redact redacted redeploy reduced ref refired refreshed refuse refused
  refuses region register registered registry regression regressions regular rejected rejection release
  releases remaining remember removed renewed repeat replace replaced replacement replaces replacing
  replication reply report reported repository request requests required requirement requirements requires
  reservation reserve reset resolution resolve resolved resolver resolves resource resources response
  responses responsetime rest restart restart-look restart-replace restart-share restart-stop restarted
  restarting restarts restore restored rests retried retries retrieval retrieve retry retry-storm retrying
  returned returns review revision revision-before revisions revoke right rise risen rising role roll
  rollback rollback-target rolled rolledback rolling rollout rose rotate rotated route routes rpc rss rule
  ruled rules rules-contradict rules-do-not-confirm run runc running running-task running-tasks runs runtime
  s s3 said same same-hour-yesterday saturate saturated saturating saturation say says scalable scale
  scale-bounds scaled-in-or-replaced scaling scaling-activities scaling-activity scaling-limits schedule
  scheduled scheduler schema sdk sec second seconds secret secrets secretsmanager secs section security see seen
  segfault segmentation sense sent seq series serve server servers serves service service-active
  service-event service-not-found service-steady service-unavailable services serving set sets setting
  settings seven several severity sha sha256 shape shapes shared sharp sharply shed shim short shortly
  should show shown shows sick side sigkill signal signals signature signing sigterm silent since single
  site six size skipped slack slack-failed slope slow slower slowest slowly small snapshot snapshots sns so
  socket some something source sources space speak speaks spike spiked spikes splunk spot spread sqs squares
  ssm stable stack stacktrace standard start start-impaired start-up started starting starts startup
  startup-misconfiguration starvation state stated statements status stays steadily steady steady-state step
  still still-in-alarm stop stop-deployment stopped stopped-on-request stopped-tasks stopping stops storage
  store store-failed stored storm streams strict strictly string subject subnet subnets succeed succeeded
  succeeds successful successfully such sudden suddenly suffices suggest suggesting suggests sum summary
  superseded support supported supports suppressed sure survive suspended suspicions sustained swap switch
  symptom syntax syscall system t table tag tags tail take taken takes target target-group target-groups
  target-health target-mismatch target-missing target-tracking targetgroup targets task task-cpu
  task-definition task-definition-diff task-disk task-memory task-set tasks tcp tell template temporary ten term
  terminated termination test text than that the their them themselves then there these they thing third
  this those thousand thrash thread three threshold throttl throttled throttling through throughput
  throwable time time-out timed timed-out timeout timeouts times timestamp timing title tls to together
  token tokens told tolerate too too-deep too-many-connections too-much toomanyrequests top total touches
  trace traceback traces traffic traffic-loss traffic-spike trail transition treated treats tried tries triggered
  triggers triple trouble troubleshooting true try trying tune tuning twice two type types u ulimit un
  unable unauthorized unavailable uncaught unchanged unclear undefined under underlying undo undo-scale
  uneven unexpected unhandled unhealthily unhealthy unhealthy-hosts units unknown unknown-host unless
  unlikely unordered unpack unreachable unreadable unrecognized unresponsive unstable unsupported until up
  update update-service updated updating upper upstream uptime ure uri url us usage use used uses usr
  usually utc utilization uuid v valid validate validation validity value various vcpus ve verification
  verified verify version view visible void voided volume volumes vpc w wait waited waiting waits wall wants
  warm warn warning was watch watched wave waves way we weak weight well went were what whatever when where whether
  which while who whoever whole whose widen wider will window with within without word words work worked
  workflows working workload works worse worth would write written wrong wrong-here-before wrote x xmx y
  yesterday yet you your z zero zone
  `
    .trim()
    .split(/\s+/),
);

/** CloudWatch metrics and statistics that are not words, and DNS and socket codes. */
const CODES = new Set(
  "ServiceSchedulerInitiated UserInitiated HTTPCode_Target_5XX_Count HTTPCode_Target_4XX_Count HTTPCode_Target_2XX_Count HTTPCode_ELB_5XX_Count HTTPCode_ELB_4XX_Count HTTPCode_ELB_502_Count HTTPCode_ELB_503_Count HTTPCode_ELB_504_Count UnHealthyHostCount SampleCount OpsAgent".split(
    " ",
  ),
);

const REGION = /^(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-isob?)?-[a-z]{4,9}-\d[a-d]?$/;

const PARTS = /\p{Lu}+(?!\p{Ll})|\p{Lu}?\p{Ll}+|\p{N}+/gu;

/**
 * Whether a word is public: one of the list, a well-known code or exception class, or a code such as
 * `EssentialContainerExited`, `Target.Timeout` and `IN_PROGRESS` that consists of such words.
 */
export function isPublicWord(word: string): boolean {
  if (WORDS.has(word.toLowerCase()) || REGION.test(word) || CODES.has(word) || isKnownName(word)) return true;
  if (!/^\p{Lu}/u.test(word) || !/^[\p{L}\p{N}_.]+$/u.test(word)) return false;
  const parts = word.match(PARTS) ?? [];
  return (
    parts.length > 1 && parts.every((part) => /^\p{N}{1,3}$/u.test(part) || WORDS.has(part.toLowerCase()))
  );
}

/**
 * Technical words of settings, wherever they stand in a name: `CHECKOUT_HEAP_SIZE` keeps its last two. The rules read
 * some of them: APPETITE and CALL_SETTING in src/diagnosis/view/.
 */
const SETTING_WORDS = new Set(
  "xmx xms xss heap max min old new space deadline attempts endpoint endpoints addr dsn worker workers concurrency cache caches cachesize size memory cpu limit limits timeout timeouts port ports url uri host hosts path env key keys token secret secrets password name level log logs rate count counts number total pool threads thread connections connection retries retry interval seconds ms mb mib gb opts options args config mode debug enabled disabled http https tcp health healthz check ready live get curl wget true false null none node java npm run start error errors failed failures fault faults latency duration time requests request messages message age depth queue 5xx 4xx p50 p90 p95 p99 average percent per minute second utilization usage used available free bytes cmd shell exit".split(
    " ",
  ),
);

export function isSettingWord(word: string): boolean {
  return SETTING_WORDS.has(word.toLowerCase());
}

/** Parts of names that the rules look for; see {@link isSettingWord} and the detectors of changed definitions. */
const STEMS =
  /xmx|heap|max.old.space|worker|concurrency|cache.?size|memory|environment|secret|command|ports|denied/gi;

/** Returns the technical words in a name that a rule may have read, as a suffix for its pseudonym; mostly empty. */
export function stemsOf(name: string): string {
  const stems = new Set(name.match(STEMS)?.map((stem) => stem.toLowerCase().replace(/[^a-z]/g, "-")));
  return [...stems].map((stem) => `-${stem}`).join("");
}
